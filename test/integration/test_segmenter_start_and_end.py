"""How the node starts and ends: every test with a process, or several, of its own."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from integration.segmenter_process import START_S, Client, SegmenterProcess
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String

Start = Callable[..., SegmenterProcess]


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


def test_whoever_asks_while_a_frame_holds_up_a_transition_is_answered_and_so_is_a_signal(
    start_segmenter: Start, client: Client, seeded_checkpoint: Path
) -> None:
    process = start_segmenter("-c", NEVER_ENDING, checkpoint=seeded_checkpoint, expression="the dog")
    client.wait_until_active()
    client.show_until(lambda: "computing" in process.log, "the frame to be taken")
    changer = client.node.create_client(ChangeState, "segmenter/change_state")
    client.wait_until(changer.service_is_ready, "the service", START_S)
    changer.call_async(ChangeState.Request(transition=Transition(id=Transition.TRANSITION_DEACTIVATE)))
    client.wait_until(lambda: client.state() == State.TRANSITION_STATE_DEACTIVATING, "the transition")
    client.node.destroy_client(changer)
    assert client.set_parameter("mask_threshold", 0.25).successful
    assert process.send_signal(signal.SIGINT) == 0
    assert "Traceback" not in process.log and "[ERROR]" not in process.log


LOADING = """
import time
import samwise
from samwise_ros import segmenter

def load(*_, **__):
    print("loading", flush=True)
    time.sleep(600)

samwise.load = load
raise SystemExit(segmenter.main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_model_loads_is_a_quiet_end(
    start_segmenter: Start, client: Client, number: signal.Signals
) -> None:
    process = start_segmenter("-c", LOADING)
    client.wait_for_log(process, "loading", START_S)
    assert process.send_signal(number) == 0
    assert process.log == "loading\n"
    # Sooner than DDS forgets a process that was killed, which takes it 20 s.
    client.wait_until(client.alone, "the node to take its leave", 10.0)


def test_whoever_asks_while_the_model_loads_is_answered(start_segmenter: Start, client: Client) -> None:
    process = start_segmenter("-c", LOADING, mask_threshold=0.25)
    client.wait_for_log(process, "loading", START_S)
    assert client.state() == State.TRANSITION_STATE_CONFIGURING
    assert client.get_parameter("mask_threshold") == 0.25
    assert client.set_parameter("mask_threshold", 0.75).successful
    refusal = client.set_parameter("checkpoint", "other.safetensors")
    assert not refusal.successful
    assert "configure again" in refusal.reason
    assert not client.transition(Transition.TRANSITION_CONFIGURE), "one at a time"


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


@pytest.mark.parametrize(
    ("name", "value"), [("mask_threshold", 1.5), ("device", "meta"), ("restart_threshold", -1.0)]
)
def test_a_bad_value_at_start_ends_the_process_with_a_line(
    start_segmenter: Start, client: Client, name: str, value: object
) -> None:
    process = start_segmenter(**{name: value})
    client.wait_until(lambda: not process.alive, "the end of the process", START_S)
    assert process.log.startswith("segmenter: ") and name in process.log and str(value) in process.log
    assert "Traceback" not in process.log


def test_without_autostart_it_waits(start_segmenter: Start, client: Client, seeded_checkpoint: Path) -> None:
    process = start_segmenter(checkpoint=seeded_checkpoint, autostart=False)
    client.wait_for_log(process, "waiting to be configured", START_S)
    assert client.transition(Transition.TRANSITION_CONFIGURE)
    assert client.camera.get_subscription_count() == 0
    assert client.transition(Transition.TRANSITION_ACTIVATE)
    client.wait_until_active()
