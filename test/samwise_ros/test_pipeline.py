from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sensor_msgs.msg import Image, RegionOfInterest

from samwise.errors import ExpressionError, FrameError
from samwise.results import Decision
from samwise_msgs.msg import TargetEvent, TargetState
from samwise_ros.errors import InputError
from samwise_ros.messages.images import to_rgb
from samwise_ros.pipeline import Pipeline
from samwise_ros.target_status import Hysteresis

SECOND = 1_000_000_000
MakeImage = Callable[..., Image]


@pytest.fixture
def pipeline(session) -> Pipeline:
    return Pipeline(session, clock=lambda: 2 * SECOND)


def test_mask_is_mono8_at_input_size_with_the_header_of_the_image(pipeline, make_image) -> None:
    image = make_image(width=8, height=6)
    mask = pipeline.process(image, "the dog").mask
    assert mask.header == image.header
    assert (mask.width, mask.height, mask.encoding, mask.step) == (8, 6, "mono8", 8)
    values = np.frombuffer(mask.data, np.uint8).reshape(6, 8)
    assert (values[:3, :4] == 255).all()
    assert values.sum() == 12 * 255


def test_the_session_sees_rgb(pipeline, session, make_image) -> None:
    image = make_image()
    pipeline.process(image, "the dog")
    np.testing.assert_array_equal(session.frames[0], to_rgb(image))


def test_state_of_a_target_in_view(pipeline, make_image) -> None:
    image = make_image(stamp=1_500_000_000)
    state = pipeline.process(image, "the dog").state
    assert state.header == image.header
    assert (state.expression, state.status, state.score) == ("the dog", TargetState.TRACKING, 0.875)
    assert state.area == 12
    assert state.roi == RegionOfInterest(x_offset=0, y_offset=0, width=4, height=3)
    assert (state.latency.sec, state.latency.nanosec) == (0, 500_000_000)


def test_absent_target_has_an_empty_mask(pipeline, session, make_image) -> None:
    session.present = False
    output = pipeline.process(make_image(), "the dog")
    assert output.state.status == TargetState.SEARCHING == TargetState.ABSENT
    assert output.events == ()
    assert (output.state.area, output.state.roi) == (0, RegionOfInterest())
    assert not any(output.mask.data)


def statuses_of(pipeline, session, make_image, seen: str) -> list[int]:
    """What is said frame by frame of a target that is seen ("#") or not (".")."""
    statuses = []
    for number, mark in enumerate(seen):
        session.present = mark == "#"
        output = pipeline.process(make_image(stamp=(number + 1) * SECOND), "the dog")
        statuses.append(output.state.status)
        tracked = output.state.status == TargetState.TRACKING
        assert any(output.mask.data) == bool(output.state.area) == (tracked and session.present)
    return statuses


def test_only_what_is_tracked_has_a_mask(pipeline, session, make_image) -> None:
    pipeline.hysteresis = Hysteresis(found_frames=3, lost_frames=2)
    searching, tracking, lost = TargetState.SEARCHING, TargetState.TRACKING, TargetState.LOST
    expected = [searching] * 3 + [tracking] * 2 + [lost] * 3 + [tracking] * 2
    assert statuses_of(pipeline, session, make_image, ".###..####") == expected


def test_a_change_of_status_is_an_event(pipeline, session, make_image) -> None:
    events = []
    for number, mark in enumerate(".##...#"):
        session.present = mark == "#"
        image = make_image(stamp=(number + 1) * SECOND)
        for event in pipeline.process(image, "the dog").events:
            assert event.header == image.header and event.expression == "the dog" and event.reason == ""
            events.append((event.what, event.lasted.sec, event.id))
    what = TargetEvent
    assert events == [(what.FOUND, 1, 1), (what.LOST, 4, 1), (what.FOUND_AGAIN, 1, 1)]


@pytest.mark.parametrize(
    "why", ["went back by 5.000 s", "image size changed", "activated again", "no memory"]
)
def test_forgetting_is_an_event_with_its_reason(pipeline, session, make_image, why) -> None:
    pipeline.process(make_image(stamp=9 * SECOND), "the dog")
    again = make_image(stamp=9 * SECOND)
    if "back" in why:
        again = make_image(stamp=4 * SECOND)
    elif "size" in why:
        again = make_image(width=20, stamp=9 * SECOND)
    elif "activated" in why:
        pipeline.restart()
    else:
        session.error = RuntimeError("no memory")
        with pytest.raises(RuntimeError):
            pipeline.process(again, "the dog")
    reset, found = pipeline.process(again, "the dog").events
    assert (reset.what, found.what) == (TargetEvent.RESET, TargetEvent.FOUND)
    assert why in reset.reason and found.reason == ""
    assert pipeline.process(again, "the dog").events == ()


def test_everything_said_of_a_target_carries_its_number(pipeline, session, make_image) -> None:
    session.decision = decision(switched=True)
    for id_ in (4, 4, 7):
        output = pipeline.process(make_image(), "the dog", id_)
        assert {m.id for m in (output.state, *output.switches, *output.events)} == {id_}
    assert session.calls == ["follow the dog", "step", "step", "follow the dog", "step"]


def test_asked_to_forget_it_forgets_once_and_says_why(pipeline, session, make_image) -> None:
    pipeline.process(make_image(), "the dog")
    pipeline.forget("asked to")
    reset, found = pipeline.process(make_image(), "the dog").events
    assert (reset.what, reset.reason, found.reason) == (TargetEvent.RESET, "asked to", "")
    assert pipeline.process(make_image(), "the dog").events == ()
    assert session.calls == ["follow the dog", "step", "reset", "step", "step"]


def test_a_sentence_can_be_tried_without_following_it(session) -> None:
    def words(sentence: str) -> tuple[str, ...]:
        if "flux" not in sentence:
            raise ExpressionError(f"{sentence!r} is too long; use fewer words")
        return ("flux",)

    pipeline = Pipeline(session, clock=lambda: 0, unknown_words=words)
    assert pipeline.unknown_words("the flux") == ("flux",)
    with pytest.raises(InputError, match="use fewer words"):
        pipeline.unknown_words("the dog")
    assert session.calls == []


def test_a_new_sentence_is_searched_for(pipeline, session, make_image) -> None:
    pipeline.process(make_image(), "the dog")
    session.present = False
    output = pipeline.process(make_image(), "the cat")
    assert output.state.status == TargetState.SEARCHING and output.events == ()


@pytest.mark.parametrize(
    ("now", "sec", "nanosec"), [(SECOND, -1, 500_000_000), (2**33 * SECOND, 2**31 - 1, 500_000_000)]
)
def test_latency_between_clocks_that_differ_is_still_a_message(
    session, make_image, now, sec, nanosec
) -> None:
    latency = Pipeline(session, clock=lambda: now).process(make_image(), "the dog").state.latency
    assert (latency.sec, latency.nanosec) == (sec, nanosec)


def decision(switched: bool) -> Decision:
    tracked, candidate = np.zeros((6, 8), bool), np.zeros((6, 8), bool)
    tracked[0:2, 0:4] = True
    candidate[0:2, 2:6] = True
    return Decision(0.75, 0.5, switched, tracked, candidate)


def test_a_switch_tells_from_where_to_where(pipeline, session, make_image) -> None:
    session.decision = decision(switched=True)
    image = make_image()
    (event,) = pipeline.process(image, "the dog").switches
    assert event.header == image.header
    assert (event.expression, event.probability, event.threshold) == ("the dog", 0.75, 0.5)
    assert event.from_roi == RegionOfInterest(x_offset=0, y_offset=0, width=4, height=2)
    assert event.to_roi == RegionOfInterest(x_offset=2, y_offset=0, width=4, height=2)
    assert event.overlap == pytest.approx(4 / 12)


@pytest.mark.parametrize("made", [None, decision(switched=False)])
def test_no_event_without_a_switch(pipeline, session, make_image, made) -> None:
    session.decision = made
    assert pipeline.process(make_image(), "the dog").switches == ()


def test_a_new_sentence_reaches_the_session_once(pipeline, session, make_image) -> None:
    for sentence in ("the dog", "the dog", "the cat", "the cat"):
        pipeline.process(make_image(), sentence)
    assert session.calls == ["follow the dog", "step", "step", "follow the cat", "step", "step"]


def test_a_sentence_that_the_model_refuses_leaves_the_old_one_in_force(pipeline, session, make_image) -> None:
    session.refused = "the " * 100
    pipeline.process(make_image(), "the dog")
    with pytest.raises(InputError, match="use fewer"):
        pipeline.process(make_image(), session.refused)
    assert pipeline.process(make_image(), session.refused).state.expression == "the dog"
    assert pipeline.process(make_image(), "the cat").state.expression == "the cat"


def test_a_refused_first_sentence_is_refused_every_time(pipeline, session, make_image) -> None:
    session.refused = "the " * 100
    for _ in range(2):
        with pytest.raises(InputError, match="use fewer"):
            pipeline.process(make_image(), session.refused)


def test_words_the_model_does_not_know_are_told_once(session, make_image) -> None:
    pipeline = Pipeline(session, clock=lambda: 0, unknown_words=lambda sentence: ("flux", "dog"))
    (notice,) = pipeline.process(make_image(), "the flux dog").notices
    assert "'flux', 'dog'" in notice
    assert pipeline.process(make_image(), "the flux dog").notices == ()


def test_stamps_that_go_back_clear_the_memory(pipeline, session, make_image) -> None:
    pipeline.process(make_image(stamp=9 * SECOND), "the dog")
    session.calls.clear()
    (notice,) = pipeline.process(make_image(stamp=4 * SECOND), "the dog").notices
    assert session.calls == ["reset", "step"]
    assert "back by 5.000 s" in notice


def test_stamps_a_little_out_of_order_keep_the_memory_and_are_told(pipeline, session, make_image) -> None:
    told = []
    for number in range(1, 21):
        late = 3_000_000 + SECOND // 10 if number % 5 == 0 else 0
        told += pipeline.process(make_image(stamp=number * SECOND // 10 - late), "the dog").notices
    assert session.calls.count("step") == 20 and "reset" not in session.calls
    (notice,) = told
    assert "0.003 s before an earlier one" in notice and "restart_threshold, 1 s" in notice


def test_the_threshold_of_a_restart_may_be_changed(pipeline, session, make_image) -> None:
    pipeline.process(make_image(stamp=9 * SECOND), "the dog")
    pipeline.process(make_image(stamp=8 * SECOND), "the dog")
    assert "reset" not in session.calls, "by the threshold, not by more"
    pipeline.restart_threshold = 0.25
    pipeline.process(make_image(stamp=8 * SECOND), "the dog")
    assert session.calls[-2:] == ["reset", "step"]
    pipeline.process(make_image(stamp=8 * SECOND), "the dog")
    assert session.calls.count("reset") == 1, "the new start is what counts from then on"


def test_steps_back_add_up(pipeline, session, make_image) -> None:
    for tenth in range(100, 85, -1):
        pipeline.process(make_image(stamp=tenth * SECOND // 10), "the dog")
    assert session.calls.count("reset") == 1


def test_equal_stamps_are_fine(pipeline, session, make_image) -> None:
    for _ in range(3):
        assert pipeline.process(make_image(stamp=0), "the dog").notices == ()
    assert "reset" not in session.calls


def test_a_change_of_size_is_told(pipeline, make_image) -> None:
    pipeline.process(make_image(width=8, height=6), "the dog")
    output = pipeline.process(make_image(width=10, height=4), "the dog")
    assert output.notices == ("image size changed from 8x6 to 10x4: starting over",)
    assert (output.mask.width, output.mask.height) == (10, 4)


def test_restart_forgets_what_was_seen_but_not_the_sentence(pipeline, session, make_image) -> None:
    pipeline.restart()
    assert session.calls == [], "nothing to forget yet"
    pipeline.process(make_image(width=8, stamp=9 * SECOND), "the dog")
    pipeline.restart()
    assert pipeline.process(make_image(width=10, stamp=SECOND), "the dog").notices == ()
    assert session.calls == ["follow the dog", "step", "reset", "step"]


def test_a_bad_image_touches_nothing(pipeline, session, make_image) -> None:
    pipeline.process(make_image(stamp=9 * SECOND), "the dog")
    bad = make_image(stamp=SECOND)
    bad.step = 1
    session.calls.clear()
    with pytest.raises(InputError, match="step"):
        pipeline.process(bad, "the cat")
    assert session.calls == []


def test_a_frame_that_the_library_refuses_is_bad_input(pipeline, session, make_image) -> None:
    session.error = FrameError("too small; send more")
    with pytest.raises(InputError, match="send more"):
        pipeline.process(make_image(), "the dog")
    assert "reset" not in session.calls


def test_a_step_that_breaks_half_way_clears_the_memory(pipeline, session, make_image) -> None:
    session.error = RuntimeError("out of memory")
    with pytest.raises(RuntimeError, match="out of memory"):
        pipeline.process(make_image(), "the dog")
    assert session.calls[-1] == "reset"
    assert pipeline.process(make_image(), "the dog").state.status == TargetState.TRACKING


def test_thresholds_reach_the_session(pipeline, session) -> None:
    pipeline.set_thresholds(mask=0.25, cme=0.75)
    assert (session.mask_threshold, session.cme_threshold) == (0.25, 0.75)


def test_overlay_changes_the_target_and_is_rgb8_with_the_same_header(pipeline, make_image) -> None:
    image = make_image(width=320, height=240)
    output = pipeline.process(image, "the dog")
    overlay = output.overlay()
    assert (overlay.header, overlay.encoding) == (image.header, "rgb8")
    before, after = to_rgb(image), to_rgb(overlay)
    assert (before[60:110, 10:150] != after[60:110, 10:150]).any(axis=2).mean() > 0.9
    np.testing.assert_array_equal(before[130:], after[130:])
