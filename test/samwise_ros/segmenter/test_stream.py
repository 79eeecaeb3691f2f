"""A stream on a node that only takes down what is asked of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from std_srvs.srv import SetBool, Trigger

from samwise.errors import ExpressionError
from samwise_msgs.srv import SetExpression
from samwise_ros.pipeline import Pipeline
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.parameters import Settings
from samwise_ros.segmenter.stream import REPORT_PERIOD_S, WATCH_PERIOD_S, Stream

SETTINGS = Settings(
    checkpoint="",
    device="cpu",
    precision="float32",
    expression="the dog",
    mask_threshold=0.25,
    cme_threshold=0.75,
    image_timeout=5.0,
    autostart=True,
)


class Publisher:
    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.heard = threading.Event()

    def publish(self, message: Any) -> None:
        self.sent.append(message)
        self.heard.set()

    def get_subscription_count(self) -> int:
        return 0


class FakeNode:
    """Keeps publishers, subscriptions and timers by topic and period, and what is logged."""

    def __init__(self) -> None:
        self.publishers: dict[str, Publisher] = {}
        self.subscriptions: dict[str, Any] = {}
        self.timers: dict[float, Any] = {}
        self.services: dict[str, Any] = {}
        self.logged: list[str] = []
        self.context = SimpleNamespace(ok=lambda: True)
        self.refused = ""

    def create_lifecycle_publisher(self, kind: Any, topic: str, *_: Any, **__: Any) -> Publisher:
        return self.publishers.setdefault(topic, Publisher())

    def destroy_lifecycle_publisher(self, publisher: Publisher) -> None:
        self.publishers = {t: p for t, p in self.publishers.items() if p is not publisher}

    def create_subscription(self, kind: Any, topic: str, callback: Any, *_: Any, **__: Any) -> Any:
        if topic == self.refused:
            raise RuntimeError(f"no {topic}")
        self.subscriptions[topic] = SimpleNamespace(topic_name=f"/{topic}", callback=callback)
        return self.subscriptions[topic]

    def destroy_subscription(self, subscription: Any) -> None:
        del self.subscriptions[subscription.topic_name[1:]]

    def create_service(self, kind: Any, name: str, callback: Any) -> str:
        self.services[name] = callback
        return name

    def destroy_service(self, name: str) -> None:
        del self.services[name]

    def create_timer(self, period: float, callback: Any, **_: Any) -> Any:
        self.timers[period] = callback
        return period

    def destroy_timer(self, period: float) -> None:
        del self.timers[period]

    def get_logger(self) -> Any:
        take = self.logged.append
        return SimpleNamespace(info=take, warning=take, error=take)

    def get_publishers_info_by_topic(self, topic: str) -> list[Any]:
        return []

    def resolve_service_name(self, name: str) -> str:
        return name.replace("~", "/segmenter")

    def resolve_topic_name(self, topic: str) -> str:
        return f"/{topic}"


@pytest.fixture
def node() -> FakeNode:
    return FakeNode()


@pytest.fixture
def stream(node, session) -> Stream:
    return Stream(node, Pipeline(session, clock=lambda: 0), SETTINGS)


def show(node: FakeNode, image: Any) -> None:
    node.subscriptions["image"].callback(image)


def held(session: Any) -> tuple[threading.Event, threading.Event]:
    """Have every step wait. Returns what is set when one has begun, and what lets it go on."""
    begun, release = threading.Event(), threading.Event()
    step = session.step

    def slow(frame: Any) -> Any:
        begun.set()
        assert release.wait(10)
        return step(frame)

    session.step = slow
    return begun, release


def test_it_hears_sentences_from_the_beginning_and_images_once_started(node, stream) -> None:
    assert set(node.subscriptions) == {"expression"}
    stream.start()
    assert set(node.subscriptions) == {"expression", "image"}
    assert set(node.timers) == {WATCH_PERIOD_S, REPORT_PERIOD_S}
    assert stream.stop(10)
    assert set(node.subscriptions) == {"expression"}
    assert not node.timers
    stream.close()
    assert not node.subscriptions and not node.publishers and not node.services


def call(node: FakeNode, name: str, service: Any, **request: Any) -> Any:
    return node.services[f"~/{name}"](service.Request(**request), service.Response())


def test_a_sentence_by_service_is_that_of_the_next_frame(node, stream, make_image) -> None:
    reply = call(node, "set_expression", SetExpression, expression=" the  cat ")
    assert (reply.accepted, reply.expression, reply.id) == (True, "the cat", 2)
    stream.start()
    show(node, make_image())
    assert node.publishers["~/mask"].heard.wait(10)
    assert stream.stop(10)
    (state,) = node.publishers["~/target"].sent
    assert (state.expression, state.id) == ("the cat", 2)


def test_a_refusal_by_service_says_why_and_changes_nothing(node, session) -> None:
    def words(sentence: str) -> tuple[str, ...]:
        raise ExpressionError(f"{sentence!r} is too long; use fewer words")

    Stream(node, Pipeline(session, clock=lambda: 0, unknown_words=words), replace(SETTINGS, expression=""))
    for refused, reason in (("", "blank"), ("the cat", "use fewer words")):
        reply = call(node, "set_expression", SetExpression, expression=refused)
        assert not reply.accepted and reason in reply.reason and reply.id == 0
    reset = call(node, "reset", Trigger)
    assert not reset.success and "set a sentence first" in reset.message


def test_a_sentence_that_the_model_has_no_use_for_costs_the_target_nothing(node, session, make_image) -> None:
    def words(sentence: str) -> tuple[str, ...]:
        if sentence == "the cat":
            raise ExpressionError(f"{sentence!r} is too long; use fewer words")
        return ()

    stream = Stream(node, Pipeline(session, clock=lambda: 0, unknown_words=words), SETTINGS)
    stream.hear("the cat")
    assert "use fewer words; still following 'the dog'" in node.logged[-1]
    stream.hear("the dog")
    stream.start()
    show(node, make_image())
    assert node.publishers["~/mask"].heard.wait(10)
    assert stream.stop(10)
    assert node.publishers["~/target"].sent[0].id == 1


def test_a_reset_by_service_keeps_the_frame_in_work_from_being_published(
    node, stream, session, make_image
) -> None:
    begun, release = held(session)
    stream.start()
    show(node, make_image())
    assert begun.wait(10)
    assert call(node, "reset", Trigger).success
    release.set()
    assert stream.stop(10)
    assert stream.counts() == Counters(received=1, unasked=1)


def test_a_pause_outlasts_a_stop(node, stream, make_image) -> None:
    stream.start()
    assert call(node, "pause", SetBool, data=True).success
    show(node, make_image())
    assert stream.counts() == Counters(received=1, left_out=1)
    assert stream.stop(10)
    stream.start()
    show(node, make_image())
    assert stream.counts() == Counters(received=1, left_out=1)
    node.timers[WATCH_PERIOD_S]()
    assert any("ros2 service call /segmenter/pause" in line for line in node.logged), "why nothing comes out"
    assert call(node, "pause", SetBool, data=False).success
    show(node, make_image())
    assert node.publishers["~/mask"].heard.wait(10)
    assert stream.stop(10)


def test_an_image_becomes_a_mask_under_the_sentence_of_the_settings(node, stream, make_image) -> None:
    stream.start()
    show(node, make_image())
    assert node.publishers["~/mask"].heard.wait(10)
    assert stream.stop(10)
    (state,) = node.publishers["~/target"].sent
    assert state.expression == "the dog"
    assert stream.counts() == Counters(received=1, processed=1)


def test_a_second_start_counts_and_looks_again(node, stream, session, make_image) -> None:
    stream.start()
    show(node, make_image())
    assert node.publishers["~/mask"].heard.wait(10)
    assert stream.stop(10)
    stream.start()
    assert stream.counts() == Counters()
    assert session.calls[-1] == "reset"
    assert stream.stop(10)


def test_the_frame_in_work_is_not_published_after_stop(node, stream, session, make_image) -> None:
    begun, release = held(session)
    stream.start()
    show(node, make_image())
    assert begun.wait(10)
    assert not stream.stop(), "a frame is in work"
    release.set()
    assert stream.stop(10)
    assert not node.publishers["~/mask"].sent
    assert stream.counts() == Counters(received=1, unasked=1)


def test_settings_reach_the_session_at_once_and_later(stream, session) -> None:
    assert (session.mask_threshold, session.cme_threshold) == (0.25, 0.75)
    stream.change(replace(SETTINGS, mask_threshold=0.5, cme_threshold=1.0))
    assert (session.mask_threshold, session.cme_threshold) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("max_rate", "trained_at", "taken", "said"),
    [(-1.0, 10.0, 3, 1), (-1.0, None, 9, 0), (0.0, 10.0, 9, 0), (5.0, 10.0, 2, 0)],
)
def test_the_rate_is_the_one_set_or_else_that_of_the_model(
    node, session, make_image, max_rate, trained_at, taken, said
) -> None:
    stream = Stream(
        node, Pipeline(session, clock=lambda: 0), replace(SETTINGS, max_rate=max_rate), frame_rate=trained_at
    )
    stream.start()
    for number in range(9):
        show(node, make_image(stamp=7_000_000_000 + number * 33_333_333))
    counts = stream.counts()
    assert counts.received - counts.left_out == taken
    assert sum("max_rate" in line for line in node.logged) == said
    stream.change(replace(SETTINGS, max_rate=0.0))
    show(node, make_image(stamp=7_300_000_001))
    show(node, make_image(stamp=7_300_000_002))
    assert stream.counts().left_out == counts.left_out
    assert stream.stop(10)


def test_a_sentence_that_cannot_be_followed_is_told_with_what_is_followed(node, stream) -> None:
    stream.hear("?!")
    assert "blank" in node.logged[-1] and "still following 'the dog'" in node.logged[-1]


def test_silence_is_told_after_the_time_that_is_set(node, stream) -> None:
    stream.start()
    node.timers[WATCH_PERIOD_S]()
    assert not any("no image" in line for line in node.logged)
    stream.change(replace(SETTINGS, image_timeout=-1.0))
    node.timers[WATCH_PERIOD_S]()
    assert "no image for" in node.logged[-1] and "/image" in node.logged[-1]
    assert stream.stop(10)


def test_the_log_tells_what_became_of_the_images(node, stream, make_image) -> None:
    stream.start()
    show(node, make_image())
    assert node.publishers["~/mask"].heard.wait(10)
    node.timers[REPORT_PERIOD_S]()
    assert "frames in the last 10 s: received 1" in node.logged[-1]
    assert stream.stop(10)


def test_a_start_that_fails_leaves_nothing_behind_once_stopped(node, stream) -> None:
    node.refused = "image"
    with pytest.raises(RuntimeError, match="no image"):
        stream.start()
    assert stream.stop(10)
    assert set(node.subscriptions) == {"expression"} and not node.timers


def test_a_making_that_fails_takes_the_publishers_back(node, session) -> None:
    node.refused = "expression"
    with pytest.raises(RuntimeError, match="no expression"):
        Stream(node, Pipeline(session, clock=lambda: 0), SETTINGS)
    assert not node.publishers
