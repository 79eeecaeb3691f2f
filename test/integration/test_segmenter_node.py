"""The node over real DDS: what a user sees of it from outside."""

from __future__ import annotations

import re
import signal
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from integration.segmenter_process import START_S, Client, SegmenterProcess
from lifecycle_msgs.msg import Transition
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.serialization import serialize_message
from sensor_msgs.msg import Image
from std_msgs.msg import String

from samwise_msgs.msg import TargetState

Start = Callable[..., SegmenterProcess]


@pytest.fixture(scope="module")
def segmenter(
    client: Client, seeded_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SegmenterProcess]:
    """One node for the tests that leave it as they found it: active. The last of them ends it."""
    log = tmp_path_factory.mktemp("segmenter") / "log.txt"
    process = SegmenterProcess(log, {"checkpoint": seeded_checkpoint})
    client.wait_until_active()
    yield process
    process.end()


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
    assert state.status == (TargetState.TRACKING if pixels else TargetState.ABSENT)
    assert 0.0 <= state.score <= 1.0


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
    client.ask()
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
        for name, number in re.findall(r"(\w+) (\d+)", segmenter.log.split("frames since activation:")[1])[:5]
    }
    assert counts["received"] == sum(counts[n] for n in ("dropped", "processed", "failed", "unasked"))
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


NEVER_ENDING = """
import samwise, torch
from samwise_ros import segmenter

def step(session, frame):
    print("computing", flush=True)
    x = torch.ones(1000, 1000)
    while True:
        x = (x @ x).clamp(0, 1)

samwise.Session.step = step
raise SystemExit(segmenter.main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_frame_that_never_ends_does_not_keep_the_process(
    start_segmenter: Start, client: Client, seeded_checkpoint: Path, number: signal.Signals
) -> None:
    process = start_segmenter("-c", NEVER_ENDING, checkpoint=seeded_checkpoint, expression="the dog")
    client.wait_until_active()
    client.show_until(lambda: "computing" in process.log, "the frame to be taken")
    assert process.send_signal(number) == 0
    assert "Traceback" not in process.log


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory, seeded_checkpoint: Path) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "cut.safetensors").write_bytes(seeded_checkpoint.read_bytes()[:10_000])
    (folder / "foreign.pth").write_text("not a checkpoint at all")
    return {name: folder / name for name in ("missing.safetensors", "cut.safetensors", "foreign.pth")}


def test_bad_checkpoints_leave_a_node_that_can_be_configured_again(
    start_segmenter: Start, client: Client, checkpoints: dict[str, Path], seeded_checkpoint: Path
) -> None:
    process = start_segmenter(checkpoint=checkpoints["missing.safetensors"])
    client.wait_for_log(process, "cannot configure: no checkpoint at", START_S)
    for bad in checkpoints.values():
        assert client.set_parameter("checkpoint", str(bad)).successful
        assert not client.transition(Transition.TRANSITION_CONFIGURE)
        assert str(bad) in process.log
    assert client.set_parameter("device", "cuda:99").successful
    assert client.set_parameter("checkpoint", str(seeded_checkpoint)).successful
    assert not client.transition(Transition.TRANSITION_CONFIGURE)
    assert "'cuda:99'" in process.log
    assert client.set_parameter("device", "cpu").successful
    assert client.transition(Transition.TRANSITION_CONFIGURE)
    assert client.transition(Transition.TRANSITION_ACTIVATE)
    assert process.send_signal(signal.SIGTERM) == 0
    assert "Traceback" not in process.log


def test_a_latched_sentence_from_before_and_a_plain_one_from_after(
    start_segmenter: Start, client: Client, seeded_checkpoint: Path
) -> None:
    latched = client.node.create_publisher(
        String, "expression", QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    )
    latched.publish(String(data="the red car"))
    process = start_segmenter(checkpoint=seeded_checkpoint, expression="the dog")
    client.wait_until_active()
    client.wait_for_log(process, "following 'the red car'")
    assert client.ask()[1].expression == "the red car"
    client.say("the dog", process)
    assert client.ask()[1].expression == "the dog"
    client.node.destroy_publisher(latched)
    assert process.log.count("following 'the red car'") == 1, "it arrives in both ways and counts once"


def test_a_plain_speaker_is_not_told_that_the_node_cannot_hear_it(
    start_segmenter: Start, client: Client, seeded_checkpoint: Path
) -> None:
    process = start_segmenter(checkpoint=seeded_checkpoint)
    client.wait_until_active()
    client.say("the red car", process)
    assert client.speaker.get_subscription_count() == 1
    listeners = client.node.get_subscriptions_info_by_topic("/expression")
    assert [listener.qos_profile.durability for listener in listeners] == [DurabilityPolicy.VOLATILE]


def test_a_bad_value_at_start_ends_the_process_with_a_line(start_segmenter: Start, client: Client) -> None:
    process = start_segmenter(mask_threshold=1.5)
    client.wait_until(lambda: not process.alive, "the end of the process", START_S)
    assert "mask_threshold" in process.log
    assert "Traceback" not in process.log


def test_without_autostart_it_waits(start_segmenter: Start, client: Client, seeded_checkpoint: Path) -> None:
    process = start_segmenter(checkpoint=seeded_checkpoint, autostart=False)
    client.wait_for_log(process, "waiting to be configured", START_S)
    assert client.transition(Transition.TRANSITION_CONFIGURE)
    assert client.camera.get_subscription_count() == 0
    assert client.transition(Transition.TRANSITION_ACTIVATE)
    client.wait_until_active()
