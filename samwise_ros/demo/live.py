"""The live part of the demo: player, segmenter and recorder as processes, with DDS between them."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import GetState
from rclpy.client import Client
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.task import Future

from samwise.shell.ending import Stopped
from samwise_msgs.msg import TargetState
from samwise_ros.messages.stamps import nanoseconds
from samwise_ros.processes.children import Process, Processes
from samwise_ros.processes.errors import ProcessError
from samwise_ros.processes.ros_node import ros_node
from samwise_ros.processes.stop_event import StopEvent
from samwise_ros.report.played import Played
from samwise_ros.report.scenario import Scenario
from samwise_ros.topics import (
    EXPRESSION,
    EXPRESSION_TOPIC,
    IMAGE,
    MASK_TOPIC,
    SEGMENTER,
    TARGET_EVENT_TOPIC,
    TARGET_SWITCHED_TOPIC,
    TARGET_TOPIC,
)

SPIN_S = 0.05
ASK_PERIOD_S = 0.5
#: States of a segmenter that is starting: it loads its model in the first.
UNDER_WAY = (State.TRANSITION_STATE_CONFIGURING, State.TRANSITION_STATE_ACTIVATING)


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds. A full-size model on a CPU needs more of it.

    Attributes:
        start: for the model to be loaded and everybody to find each other.
        last_frame: for the result of the last picture, once all are played.
    """

    start: float = 120.0
    last_frame: float = 60.0


class Observer:
    """Sees who is connected, in which state the segmenter is, and how far it has come.

    Args:
        node: to look with; `wait_for` spins it.
        stop: ends every wait when set.
    """

    def __init__(self, node: Node, stop: StopEvent) -> None:
        self._node, self._stop = node, stop
        self.last_stamp_ns = 0
        self._lifecycle: int | None = None
        node.create_subscription(TargetState, TARGET_TOPIC, self._on_target, QoSProfile(depth=50))
        self._ask_state: Client[GetState.Request, GetState.Response] = node.create_client(
            GetState, f"{SEGMENTER}/get_state"
        )
        self._asking = node.create_timer(ASK_PERIOD_S, self._ask)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(node)

    def subscribers(self, topic: str) -> int:
        """Return how many subscriptions there are to a topic."""
        return self._node.count_subscribers(topic)

    def wait_for(self, condition: Callable[[], bool], patience_s: float, needed: Sequence[Process]) -> bool:
        """Spin until the condition holds, and return whether it does.

        Raises:
            ProcessError: if one of the processes it needs has ended.
            KeyboardInterrupt: told to stop.
        """
        deadline = time.monotonic() + patience_s
        while True:
            # First of all: what tells this process to stop may have reached a child that was just starting.
            if self._stop.is_set():
                raise Stopped(self._stop.number or signal.SIGINT)
            if condition():
                return True
            for process in needed:
                process.check_running()
            if time.monotonic() > deadline:
                return False
            self._executor.spin_once(timeout_sec=SPIN_S)

    @property
    def segmenter_gave_up(self) -> bool:
        """Whether the segmenter tried to start and is not active. It does not answer before it tries."""
        return self._lifecycle not in (None, *UNDER_WAY, State.PRIMARY_STATE_ACTIVE)

    def _ask(self) -> None:
        if self._lifecycle not in (None, *UNDER_WAY):
            self._asking.cancel()
        elif self._ask_state.service_is_ready():
            self._ask_state.call_async(GetState.Request()).add_done_callback(self._on_lifecycle)

    def _on_lifecycle(self, answer: Future[GetState.Response]) -> None:
        response = answer.result()
        if response is not None:
            self._lifecycle = int(response.current_state.id)

    def _on_target(self, message: TargetState) -> None:
        self.last_stamp_ns = max(self.last_stamp_ns, nanoseconds(message.header.stamp))


def run_live(
    scenario: Scenario, output: Path, segmenter_parameters: Sequence[str], patience: Patience
) -> Played:
    """Play the scenario to a segmenter while everything of interest is recorded.

    Args:
        scenario: to play.
        output: folder; gets output.mcap, and a log for each process that is silent otherwise.
        segmenter_parameters: "name:=value" for its parameters.
        patience: how long to wait.

    Raises:
        ProcessError: if a process ended early, or nothing came out.
        KeyboardInterrupt: by SIGINT, SIGTERM or SIGHUP. All processes have ended.
    """
    report = output / "player.json"
    report.unlink(missing_ok=True)
    with ros_node("demo", []) as (node, stop), Processes() as processes:
        observer = Observer(node, stop)
        segmenter = processes.start(
            "the segmenter",
            "samwise_ros.segmenter",
            _ros_arguments(scenario, segmenter_parameters),
            output / "segmenter.log",
        )
        recorder = processes.start(
            "the recorder",
            "samwise_ros.bags.record",
            [
                str(output / "output.mcap"),
                *(MASK_TOPIC, TARGET_TOPIC, EXPRESSION_TOPIC, scenario.recorded_topic),
                # A run without any is possible.
                *("--optional", TARGET_EVENT_TOPIC, TARGET_SWITCHED_TOPIC),
                "--compress",
            ],
            output / "recorder.log",
        )

        def ready() -> bool:
            # The segmenter subscribes to images once it is active, the recorder to what it has seen. The
            # observer itself is one of the subscribers to states.
            needed = (
                (scenario.image_topic, 1),
                (MASK_TOPIC, 1),
                (TARGET_TOPIC, 2),
                (TARGET_SWITCHED_TOPIC, 1),
            )
            return all(observer.subscribers(topic) >= count for topic, count in needed)

        started = observer.wait_for(
            lambda: observer.segmenter_gave_up or ready(), patience.start, [segmenter, recorder]
        )
        if observer.segmenter_gave_up or not started:
            reason = "gave up" if started else f"was not active after {patience.start:g} s"
            raise ProcessError(f"the segmenter {reason}{segmenter.last_words()}")
        player = processes.start("the player", "samwise_ros.bags.play", _play_arguments(scenario, report))
        observer.wait_for(lambda: not player.running, float("inf"), [segmenter, recorder])
        if not report.exists():
            player.check_success()
        played = _read_report(report, scenario.image_topic, complete=player.exit_code == 0)
        last = scenario.stamps[-1] + played.offset_ns
        observer.wait_for(lambda: observer.last_stamp_ns >= last, patience.last_frame, [segmenter, recorder])
        if observer.last_stamp_ns == 0:
            raise ProcessError(f"the segmenter published nothing{segmenter.last_words()}")
        recorder.end()
        recorder.check_success()
        return played


def _ros_arguments(scenario: Scenario, parameters: Sequence[str]) -> list[str]:
    arguments = [
        "--ros-args",
        "-r",
        f"{IMAGE}:={scenario.image_topic}",
        "-r",
        f"{EXPRESSION}:={EXPRESSION_TOPIC}",
    ]
    for parameter in parameters:
        arguments += ["-p", parameter]
    return arguments


def _play_arguments(scenario: Scenario, report: Path) -> list[str]:
    topics = [EXPRESSION_TOPIC, scenario.recorded_topic]
    return [
        str(scenario.bag),
        *("--topics", *topics),
        *("--compressed", "both"),
        # Stamps of now, so that the latencies that the segmenter measures mean something.
        "--restamp",
        *("--wait-for-subscribers", EXPRESSION_TOPIC, scenario.image_topic, scenario.recorded_topic),
        *("--report", str(report)),
    ]


def _read_report(report: Path, image_topic: str, *, complete: bool) -> Played:
    content = json.loads(report.read_text(encoding="utf-8"))
    report.unlink()
    return Played(
        images=int(content["published"].get(image_topic, 0)),
        offset_ns=int(content["stamp_offset_ns"]),
        complete=complete,
    )
