"""One node over real DDS: what a user sees of it from outside."""

from __future__ import annotations

import re
import signal
from array import array

import numpy as np
from integration.segmenter_process import Client, SegmenterProcess
from lifecycle_msgs.msg import Transition
from rclpy.serialization import serialize_message
from sensor_msgs.msg import Image
from std_msgs.msg import String

from samwise_msgs.msg import TargetEvent, TargetState


def test_a_sentence_is_asked_for_until_there_is_one(segmenter: SegmenterProcess, client: Client) -> None:
    client.camera.publish(client.image())
    client.wait_for_log(
        segmenter, "no sentence was given yet; publish one: ros2 topic pub --once /expression"
    )
    assert client.states == client.masks == []


def test_mask_and_state_of_a_frame(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    image = client.image(width=64, height=48)
    mask, state = client.ask(image)
    assert mask.header == state.header == image.header
    assert (mask.encoding, mask.width, mask.height, mask.step) == ("mono8", 64, 48, 64)
    assert set(mask.data) <= {0, 255}
    pixels = int(np.count_nonzero(mask.data))
    assert state.area == pixels
    assert state.expression == "the red car"
    assert state.status == (TargetState.TRACKING if pixels else TargetState.SEARCHING)
    assert 0.0 <= state.score <= 1.0


def test_what_is_found_is_told_once_it_is_confirmed(segmenter: SegmenterProcess, client: Client) -> None:
    assert client.set_parameter("found_frames", 3).successful
    client.events.clear()
    client.say("the blue dog", segmenter)
    answers = [client.ask() for _ in range(4)]
    searching, tracking = TargetState.SEARCHING, TargetState.TRACKING
    assert [state.status for _, state in answers] == [searching, searching, tracking, tracking]
    assert [any(mask.data) for mask, _ in answers] == [False, False, True, True]
    client.wait_until(lambda: client.events, "the event")
    (event,) = client.events
    assert event.header == answers[2][1].header
    assert (event.what, event.expression) == (TargetEvent.FOUND, "the blue dog")
    assert event.id == answers[0][1].id
    client.say("the dog", segmenter)
    assert client.ask()[1].id == event.id + 1
    assert client.set_parameter("found_frames", 1).successful


def test_a_new_sentence_holds_from_the_next_frame_on(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    for image in (client.image() for _ in range(5)):
        client.camera.publish(image)
    client.say("the dog", segmenter)
    seen = len(client.states)
    client.ask()
    expressions = [state.expression for state in client.states]
    first = expressions.index("the dog", seen - 1 if seen else 0)
    assert set(expressions[first:]) == {"the dog"}


def test_switches_are_told_with_the_frame_they_fell_in(segmenter: SegmenterProcess, client: Client) -> None:
    assert client.set_parameter("cme_threshold", 0.0).successful  # random weights never give exactly 0
    client.say("the car", segmenter)
    client.switches.clear()
    stamps = [client.ask()[1].header.stamp for _ in range(10)]
    client.wait_until(lambda: len(client.switches) >= 2, "two switches")
    # The model decides from the sixth frame on, and rests two frames after a switch.
    assert [stamps.index(switch.header.stamp) for switch in client.switches] == [5, 8]
    for switch in client.switches:
        assert switch.header.frame_id == "camera_optical_frame"
        assert switch.expression == "the car"
        assert switch.threshold == 0.0 < switch.probability <= 1.0
        assert 0.0 <= switch.overlap <= 1.0
    assert client.set_parameter("cme_threshold", 1.0).successful
    client.say("the red dog", segmenter)
    seen = len(client.switches)
    for _ in range(8):
        client.ask()
    assert len(client.switches) == seen
    assert client.set_parameter("cme_threshold", 0.5).successful


def broken(image: Image, **changes: object) -> Image:
    for name, value in changes.items():
        setattr(image, name, value)
    return image


def test_the_node_outlives_a_storm_of_bad_input(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    storm = {
        "image step 7 is too small": {"step": 7},
        "image data holds 100 bytes": {"data": array("B", bytes(100))},
        "image encoding 'rgb99' is not supported": {"encoding": "rgb99"},
        "image of 0x48 pixels is empty": {"width": 0},
    }
    for line, changes in storm.items():
        client.camera.publish(broken(client.image(), **changes))
        client.wait_for_log(segmenter, line)
    for sentence in ("", "   ", "x" * 10_000):
        client.speaker.publish(String(data=sentence))
    client.speaker.publish(serialize_message(String(data="abcd")).replace(b"abcd", b"\xff\xfe\x80\x81"))
    for line in ("'' is blank", "'   ' is blank", "has 10000 characters", "is not valid UTF-8"):
        client.wait_for_log(segmenter, line)
    client.camera.publish(serialize_message(client.image())[:500])
    _, state = client.ask()
    assert state.expression == "the red car"
    assert "unexpected" not in segmenter.log
    assert segmenter.alive


def test_a_change_of_resolution_is_followed(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    client.ask(client.image(64, 48))
    mask, _ = client.ask(client.image(80, 60))
    assert (mask.width, mask.height) == (80, 60)
    client.wait_for_log(segmenter, "image size changed from 64x48 to 80x60")


def test_a_recording_that_starts_over_is_followed(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    # The stamps of the tests before need not have come far.
    ahead = client.image()
    ahead.header.stamp.sec += 10
    client.ask(ahead)
    image = client.image()
    image.header.stamp.sec = 0
    image.header.stamp.nanosec = 1
    client.ask(image)
    client.wait_for_log(segmenter, "stamps went back by")


def test_the_overlay_is_for_those_who_subscribe(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    overlays: list[Image] = []
    subscription = client.node.create_subscription(Image, "segmenter/overlay", overlays.append, 5)
    client.wait_until(subscription.get_publisher_count, "the publisher of the overlay")

    # The node may discover this subscription later than it is discovered here.
    def shown() -> bool:
        client.ask(client.image(160, 120))
        return any(overlay.width == 160 for overlay in overlays)

    client.wait_until(shown, "an overlay")
    client.node.destroy_subscription(subscription)
    assert (overlays[-1].encoding, overlays[-1].width, overlays[-1].height) == ("rgb8", 160, 120)
    assert overlays[-1].header in [state.header for state in client.states]


def test_parameters_change_or_say_why_not(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    assert client.set_parameter("mask_threshold", 0.999999).successful
    assert client.ask()[1].area == 0, "hardly a pixel is that sure in a network of noise"
    assert client.set_parameter("mask_threshold", 0.5).successful
    assert not client.set_parameter("cme_threshold", 1.5).successful
    refusal = client.set_parameter("checkpoint", "other.safetensors")
    assert not refusal.successful
    assert "configure again" in refusal.reason
    assert client.set_parameter("expression", "the dog").successful
    client.wait_for_log(segmenter, "following 'the dog'")
    assert client.ask()[1].expression == "the dog"


def test_lifecycle_there_and_back(segmenter: SegmenterProcess, client: Client) -> None:
    client.say("the red car", segmenter)
    client.ask()
    for image in (client.image() for _ in range(10)):
        client.camera.publish(image)
    assert client.transition(Transition.TRANSITION_DEACTIVATE)
    counts = {
        name: int(number)
        for name, number in re.findall(r"(\w+) (\d+)", segmenter.log.split("frames since activation:")[1])[:6]
    }
    assert counts["received"] == sum(
        counts[n] for n in ("left_out", "dropped", "processed", "failed", "unasked")
    )
    assert counts["processed"] >= 1
    assert client.transition(Transition.TRANSITION_CLEANUP)
    assert client.set_parameter("precision", "bfloat16").successful
    assert client.set_parameter("expression", "the dog").successful
    assert client.transition(Transition.TRANSITION_CONFIGURE)
    assert client.transition(Transition.TRANSITION_ACTIVATE)
    client.wait_until_active()
    assert client.ask()[1].expression == "the dog"


def test_interrupt_ends_it_cleanly_while_it_works(segmenter: SegmenterProcess, client: Client) -> None:
    client.camera.publish(client.image())
    assert segmenter.send_signal(signal.SIGINT) == 0
    client.wait_until_alone()
    assert "Traceback" not in segmenter.log
    assert "[ERROR]" not in segmenter.log
