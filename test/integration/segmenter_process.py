"""The node in a process of its own, and the client of the tests that talks to it over DDS."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from builtin_interfaces.msg import Time
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import SetParametersResult
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter, parameter_value_to_python
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image
from std_msgs.msg import Header, String

from samwise_msgs.msg import TargetEvent, TargetState, TargetSwitched
from samwise_ros.messages.images import to_message

SENSOR = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
#: Bounds, not expectations: a machine under load takes its time to import torch.
START_S, REPLY_S, END_S = 300.0, 60.0, 60.0
RESEND_S = 20.0
#: Those that last. In the others, a transition is under way.
PRIMARY_STATES = (
    State.PRIMARY_STATE_UNCONFIGURED,
    State.PRIMARY_STATE_INACTIVE,
    State.PRIMARY_STATE_ACTIVE,
    State.PRIMARY_STATE_FINALIZED,
)


class SegmenterProcess:
    """`segmenter` as a user starts it.

    Args:
        log: file for what it prints.
        parameters: of the node.
        program: arguments of Python that run it.
    """

    def __init__(
        self,
        log: Path,
        parameters: dict[str, object],
        program: Sequence[str] = ("-m", "samwise_ros.segmenter"),
    ) -> None:
        command = [sys.executable, *program, "--ros-args"]
        for name, value in parameters.items():
            command += ["-p", f"{name}:={str(value).lower() if isinstance(value, bool) else value}"]
        self.log_file = log
        with log.open("w") as file:
            self._process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self.log_file.read_text()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def send_signal(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self._process.send_signal(number)
        return self._process.wait(END_S)

    def end(self) -> None:
        """Interrupt it if it still runs."""
        if self.alive:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Client:
    """Camera, speaker and listener in one node of this process.

    Args:
        namespace: of the topics.
    """

    def __init__(self, namespace: str = "") -> None:
        # A context of its own picks up the domain that the test file has chosen.
        self._context = rclpy.Context()
        rclpy.init(context=self._context)
        self.node = rclpy.create_node("client", namespace=namespace, context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self._stamps = itertools.count(1)
        self.masks: list[Image] = []
        self.states: list[TargetState] = []
        self.switches: list[TargetSwitched] = []
        self.events: list[TargetEvent] = []
        subscribe = self.node.create_subscription
        self._results = [
            subscribe(Image, "segmenter/mask", self.masks.append, 50),
            subscribe(TargetState, "segmenter/target", self.states.append, 50),
            subscribe(TargetEvent, "segmenter/target_event", self.events.append, 50),
            subscribe(TargetSwitched, "segmenter/target_switched", self.switches.append, 50),
        ]
        self.camera = self.node.create_publisher(Image, "image", SENSOR)
        self.speaker = self.node.create_publisher(String, "expression", 10)

    def close(self) -> None:
        self._executor.shutdown()
        self.node.destroy_node()
        self._context.try_shutdown()

    def wait_until(self, condition: Callable[[], object], what: str, timeout: float = REPLY_S) -> None:
        """Spin until `condition` holds; fail with `what` it was about if it never does."""
        end = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < end, f"waited {timeout:.0f} s in vain for {what}"
            self._executor.spin_once(timeout_sec=0.05)

    def wait_for_log(self, segmenter: SegmenterProcess, text: str, timeout: float = REPLY_S) -> None:
        self.wait_until(lambda: text in segmenter.log, f"{text!r} in the log:\n{segmenter.log}", timeout)

    def wait_until_active(self) -> None:
        """Until the node takes images and everything it publishes would arrive here."""
        self.wait_until(lambda: self.camera.get_subscription_count(), "the node to take images", START_S)
        self.wait_until(lambda: self.speaker.get_subscription_count(), "the node to listen")
        for results in self._results:
            self.wait_until(results.get_publisher_count, f"the node to publish {results.topic_name}")

    def alone(self) -> bool:
        """Whether no node is known here."""
        return not self.camera.get_subscription_count() and "segmenter" not in self.node.get_node_names()

    def wait_until_alone(self) -> None:
        """Until a node that has ended is forgotten here, so that it is not taken for the next one."""
        self.wait_until(self.alone, "the last node to be forgotten")

    def image(self, width: int = 64, height: int = 48) -> Image:
        """A new image of noise, 0.1 s after the last one."""
        pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        seconds, tenths = divmod(next(self._stamps), 10)
        stamp = Time(sec=seconds, nanosec=tenths * 100_000_000)
        return to_message(pixels, "rgb8", Header(stamp=stamp, frame_id="camera_optical_frame"))

    def ask(self, image: Image | None = None) -> tuple[Image, TargetState]:
        """Show an image and return mask and state with its stamp."""
        image = image or self.image()

        def answers(received: list[Any]) -> list[Any]:
            return [m for m in received if m.header.stamp == image.header.stamp]

        self.show_until(
            lambda: answers(self.masks) and answers(self.states), f"an answer to {image.header.stamp}", image
        )
        return answers(self.masks)[0], answers(self.states)[0]

    def show_until(self, condition: Callable[[], object], what: str, image: Image | None = None) -> None:
        """Show an image until `condition` holds.

        Once is enough but for the first time: then the node, which is known here, may not know this camera
        yet, and best effort means that it misses what was sent until then.
        """
        image = image or self.image()
        again = 0.0

        def shown() -> object:
            nonlocal again
            if time.monotonic() > again:
                self.camera.publish(image)
                again = time.monotonic() + 2.0
            return condition()

        self.wait_until(shown, what)

    def say(self, sentence: str, segmenter: SegmenterProcess) -> None:
        """Publish a sentence as `ros2 topic pub` does, and wait until the node follows it."""
        self.speaker.publish(String(data=sentence))
        self.wait_for_log(segmenter, f"following {sentence!r}")

    def transition(self, number: int) -> bool:
        """Ask for a lifecycle transition (lifecycle_msgs/Transition) and return whether it worked."""
        before = self.state()
        request = ChangeState.Request(transition=Transition(id=number))

        def unheard() -> bool:
            self.wait_until(lambda: self.state() in PRIMARY_STATES, "the end of the transition", START_S)
            return self.state() == before

        reply = self.call(ChangeState, "segmenter/change_state", request, unheard)
        # No reply, but another state: it was carried out, and its answer got lost.
        return True if reply is None else bool(reply.success)

    def state(self) -> int:
        """Lifecycle state of the node (lifecycle_msgs/State)."""
        return int(self.call(GetState, "segmenter/get_state", GetState.Request()).current_state.id)

    def set_parameter(self, name: str, value: object) -> SetParametersResult:
        """Set a parameter of the node."""
        request = SetParameters.Request(parameters=[Parameter(name, value=value).to_parameter_msg()])
        return self.call(SetParameters, "segmenter/set_parameters", request).results[0]

    def get_parameter(self, name: str, node: str = "segmenter") -> object:
        """Value of a parameter of a node."""
        reply = self.call(GetParameters, f"{node}/get_parameters", GetParameters.Request(names=[name]))
        return parameter_value_to_python(reply.values[0])

    def call(self, service: type, name: str, request: Any, unheard: Callable[[], bool] = lambda: True) -> Any:
        """Call a service, again when no answer comes.

        DDS loses a request or an answer while only one of the two sides has discovered the other.

        Args:
            service: its type.
            name: of the service.
            request: to send.
            unheard: whether the request has shown no effect yet, so that it has to be sent again.

        Returns:
            The answer; None if there was none and the request was heard nevertheless.
        """
        caller = self.node.create_client(service, name)
        try:
            self.wait_until(caller.service_is_ready, f"service {name}", START_S)
            replies: list[Any] = []
            end, again = time.monotonic() + START_S, 0.0
            while not any(reply.done() for reply in replies):
                assert time.monotonic() < end, f"waited {START_S:.0f} s in vain for an answer of {name}"
                if time.monotonic() > again:
                    if replies and not unheard():
                        return None
                    replies.append(caller.call_async(request))
                    again = time.monotonic() + RESEND_S
                self._executor.spin_once(timeout_sec=0.05)
            return next(reply.result() for reply in replies if reply.done())
        finally:
            self.node.destroy_client(caller)
