from __future__ import annotations

import pytest

from samwise_ros.errors import InputError
from samwise_ros.pipeline import Pipeline
from samwise_ros.processes.throttled_log import ThrottledLog
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.expression_input import ExpressionInput
from samwise_ros.segmenter.frame_processor import FrameProcessor


class Outputs:
    def __init__(self) -> None:
        self.overlay_wanted = False
        self.published: list[str] = []

    def publish(self, output) -> None:
        self.published.append(output.state.expression)

    def publish_overlay(self, overlay) -> None:
        self.published.append("overlay")


class Recorder:
    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def error(self, message: str) -> None:
        self.errors.append(message)


class Bench:
    """A processor and everything around it."""

    def __init__(self, session) -> None:
        self.session, self.expressions, self.outputs = session, ExpressionInput(), Outputs()
        self.counters, self.logged = Counters(), Recorder()
        self.pipeline = Pipeline(session, clock=lambda: 0)
        self.processor = FrameProcessor(
            self.pipeline,
            self.expressions,
            self.outputs,
            self.counters,
            ThrottledLog(self.logged),
            "say what",
        )


@pytest.fixture
def bench(session) -> Bench:
    return Bench(session)


def test_a_frame_is_published_once_under_its_sentence(bench, make_image) -> None:
    bench.expressions.offer("the dog")
    bench.processor.handle(make_image())
    assert bench.outputs.published == ["the dog"]
    assert bench.counters == Counters(processed=1)


def test_without_a_sentence_nothing_is_computed_and_the_log_tells_how_to_give_one(bench, make_image) -> None:
    for _ in range(3):
        bench.processor.handle(make_image())
    assert bench.session.calls == []
    assert bench.outputs.published == []
    assert bench.logged.warnings == ["say what"]
    assert bench.counters == Counters(unasked=3)


def test_a_result_is_not_published_if_the_sentence_changed_while_it_was_computed(bench, make_image) -> None:
    bench.expressions.offer("the dog")
    step = bench.session.step

    def step_while_someone_speaks(frame):
        bench.expressions.offer("the cat")
        return step(frame)

    bench.session.step = step_while_someone_speaks
    bench.processor.handle(make_image())
    assert bench.outputs.published == []
    assert bench.counters == Counters(unasked=1)
    bench.processor.handle(make_image())
    assert bench.outputs.published == ["the cat"]


def test_overlay_is_drawn_only_for_someone_who_looks(bench, make_image, monkeypatch) -> None:
    drawn: list[int] = []
    overlay = "samwise_ros.pipeline.FrameOutput.overlay"
    monkeypatch.setattr(overlay, lambda output: drawn.append(1))
    bench.expressions.offer("the dog")
    bench.processor.handle(make_image())
    assert drawn == []
    bench.outputs.overlay_wanted = True
    bench.processor.handle(make_image())
    assert drawn == [1]
    assert bench.outputs.published == ["the dog", "the dog", "overlay"]


def test_an_overlay_is_not_published_if_the_sentence_changed_while_it_was_drawn(
    bench, make_image, monkeypatch
) -> None:
    monkeypatch.setattr(
        "samwise_ros.pipeline.FrameOutput.overlay", lambda output: bench.expressions.offer("the cat")
    )
    bench.outputs.overlay_wanted = True
    bench.expressions.offer("the dog")
    bench.processor.handle(make_image())
    assert bench.outputs.published == ["the dog"]


def test_notices_are_logged(bench, make_image) -> None:
    bench.expressions.offer("the dog")
    bench.processor.handle(make_image(stamp=2))
    bench.processor.handle(make_image(stamp=1))
    assert len(bench.logged.warnings) == 1


@pytest.mark.parametrize(
    ("error", "warnings", "errors"),
    [
        (InputError("wrong step"), ["wrong step"], []),
        (KeyError("memory"), [], ["frame skipped after an unexpected KeyError: 'memory'"]),
    ],
)
def test_failures_are_counted_and_told_by_kind(bench, error, warnings, errors) -> None:
    bench.processor.failed(error)
    assert (bench.logged.warnings, bench.logged.errors) == (warnings, errors)
    assert bench.counters == Counters(failed=1)
