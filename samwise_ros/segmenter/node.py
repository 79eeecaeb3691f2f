"""The lifecycle node `segmenter`: a camera and a sentence in, masks, target states and switches out."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import rclpy
from rcl_interfaces.msg import SetParametersResult
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.parameter import Parameter
from rclpy.qos_overriding_options import QoSOverridingOptions
from rclpy.signals import SignalHandlerOptions
from sensor_msgs.msg import Image

from samwise.shell.ending import told_to_stop
from samwise_ros import qos
from samwise_ros.errors import InputError
from samwise_ros.processes.spin import spin_until_told_to_end
from samwise_ros.processes.throttled_log import ThrottledLog
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.expression_input import ExpressionInput
from samwise_ros.segmenter.expression_subscriptions import TOPIC as EXPRESSION_TOPIC
from samwise_ros.segmenter.expression_subscriptions import ExpressionSubscriptions
from samwise_ros.segmenter.frame_processor import FrameProcessor
from samwise_ros.segmenter.frame_slot import FrameSlot
from samwise_ros.segmenter.image_watch import no_image_warning
from samwise_ros.segmenter.outputs import Outputs
from samwise_ros.segmenter.parameters import (
    check_change,
    declare_parameters,
    read_settings,
    unknown_parameters,
)
from samwise_ros.segmenter.pipeline_factory import open_pipeline
from samwise_ros.segmenter.worker import Worker

if TYPE_CHECKING:
    from samwise_ros.pipeline import Pipeline

REPORT_PERIOD_S = 10.0
WATCH_PERIOD_S = 1.0
#: How long the process waits for the frame in work when it is told to end.
PATIENCE_S = 3.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SegmenterNode(LifecycleNode):
    """Loads the model in configure, follows the sentence while active, frees everything in cleanup.

    Callbacks run in the thread that spins, and only store the latest image and sentence. A worker, which
    lives while the node is active, computes and publishes.
    """

    def __init__(self) -> None:
        super().__init__("segmenter")
        declare_parameters(self)
        for line in unknown_parameters(self):
            self.get_logger().warning(line)
        self.add_on_set_parameters_callback(self._check_parameters)
        self.add_post_set_parameters_callback(self._apply_parameters)
        self._log = ThrottledLog(self.get_logger())
        # What undoes configure, and what undoes activate.
        self._configured, self._active = ExitStack(), ExitStack()
        self._pipeline: Pipeline | None = None
        self._outputs: Outputs | None = None
        self._worker: Worker[Image] | None = None
        self._expressions = ExpressionInput()
        self._slot: FrameSlot[Image] = FrameSlot()
        self._counters = Counters()
        self._reported = Counters()
        self._last_image = 0.0

    def autostart(self) -> None:
        """Configure and activate if the parameter says so. After a failure the node lives, unconfigured."""
        if not self.get_parameter("autostart").value:
            self.get_logger().info("autostart is off: waiting to be configured and activated")
        elif self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    def close(self) -> bool:
        """Let go of everything at the end of the process. Returns False if a frame in work takes too long."""
        self._expressions.outdate()
        if self._worker is not None and not self._worker.stop(PATIENCE_S):
            return False
        self._active.close()
        self._configured.close()
        return True

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the model, create the publishers, listen to sentences."""
        if not self._attempt("configure", self._set_up):
            self._configured.close()
            return TransitionCallbackReturn.FAILURE
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Take images and start the worker."""
        # The publishers first: the worker may have a result before this returns.
        super().on_activate(state)
        if not self._attempt("activate", self._start):
            self._active.close()
            super().on_deactivate(state)
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop taking images, and wait for the frame in work."""
        self._active.close()
        self.get_logger().info(f"deactivated; frames since activation: {self._count()}")
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free the model, forget the sentence."""
        self._configured.close()
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop and free, from whatever state."""
        self._active.close()
        self._configured.close()
        return super().on_shutdown(state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Go back to unconfigured, from where the node can be configured again."""
        self.get_logger().error("a transition went wrong: stopping, back to unconfigured")
        return self.on_shutdown(state)

    def _attempt(self, transition: str, step: Callable[[], None]) -> bool:
        try:
            step()
        except Exception as error:  # rclpy would let the transition fail without a word of the reason.
            if told_to_stop():
                raise KeyboardInterrupt from error
            self.get_logger().error(
                f"cannot {transition}: {error}. After mending it: "
                f"ros2 lifecycle set {self.get_fully_qualified_name()} {transition}"
            )
            return False
        return True

    def _set_up(self) -> None:
        started = time.monotonic()
        settings = read_settings(self)
        self._pipeline = open_pipeline(settings, lambda: int(self.get_clock().now().nanoseconds))
        self._configured.callback(self._release_pipeline)
        self.get_logger().info(
            f"loaded {settings.checkpoint or 'the miniature that ships'} on {settings.device} in "
            f"{settings.precision}, {time.monotonic() - started:.1f} s"
        )
        self._outputs = Outputs(self)
        self._configured.callback(self._outputs.close)
        self._expressions = ExpressionInput()
        if settings.expression:
            self._hear(settings.expression)
        self._configured.callback(ExpressionSubscriptions(self, self._hear).close)

    def _release_pipeline(self) -> None:
        self._pipeline = None

    def _start(self) -> None:
        assert self._pipeline is not None and self._outputs is not None  # on_configure has succeeded
        self._pipeline.restart()
        self._counters, self._reported, self._slot = Counters(), Counters(), FrameSlot()
        processor = FrameProcessor(
            self._pipeline,
            self._expressions,
            self._outputs,
            self._counters,
            self._log,
            hint="images arrive, but no sentence was given yet; publish one: ros2 topic pub --once "
            f"{self.resolve_topic_name(EXPRESSION_TOPIC)} std_msgs/msg/String "
            "\"{data: 'the red car'}\", or set the parameter expression",
        )

        def report_error(error: Exception) -> None:
            # Publishing fails once a signal has shut the context down: that is the end, not an error.
            if self.context.ok():
                processor.failed(error)

        self._worker = Worker(self._slot, processor.handle, report_error)
        self._worker.start()
        self._active.callback(self._stop_worker)
        images = self.create_subscription(
            Image,
            "image",
            self._on_image,
            qos.IMAGE,
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
        )
        self._active.callback(self.destroy_subscription, images)
        self._start_timers(images.topic_name)

    def _start_timers(self, topic: str) -> None:
        self._last_image = time.monotonic()
        # Steady: with simulated time and no clock running, ROS time would stand still, and so the watch.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        for timer in (
            self.create_timer(WATCH_PERIOD_S, lambda: self._watch_images(topic), clock=steady),
            self.create_timer(REPORT_PERIOD_S, self._report, clock=steady),
        ):
            self._active.callback(self.destroy_timer, timer)

    def _stop_worker(self) -> None:
        self._expressions.outdate()
        if self._worker is not None:
            self._worker.stop()
        self._worker = None

    def _on_image(self, image: Image) -> None:
        self._last_image = time.monotonic()
        self._counters.received += 1
        self._slot.put(image)

    def _hear(self, text: str, source_stamp: int = 0, from_history: bool = False) -> None:
        try:
            if self._expressions.offer(text, source_stamp, from_history=from_history):
                self.get_logger().info(f"following {text!r} from the next frame on")
        except InputError as error:
            current = self._expressions.current
            state = f"still following {current.text!r}" if current else "nothing is followed yet"
            self._log.warning(f"{error}; {state}")

    def _check_parameters(self, parameters: Iterable[Parameter[Any]]) -> SetParametersResult:
        return check_change(parameters, configured=self._pipeline is not None)

    def _apply_parameters(self, parameters: Iterable[Parameter[Any]]) -> None:
        if self._pipeline is None:
            return
        settings = read_settings(self)
        self._pipeline.set_thresholds(settings.mask_threshold, settings.cme_threshold)
        self._pipeline.restart_threshold = settings.restart_threshold
        if settings.expression and any(parameter.name == "expression" for parameter in parameters):
            self._hear(settings.expression, time.time_ns())

    def _watch_images(self, topic: str) -> None:
        silent = time.monotonic() - self._last_image
        if silent > read_settings(self).image_timeout:
            self._log.warning(no_image_warning(topic, silent, self.get_publishers_info_by_topic(topic)))

    def _count(self) -> Counters:
        self._counters.dropped = self._slot.dropped
        return self._counters.copy()

    def _report(self) -> None:
        total = self._count()
        recent, self._reported = total.since(self._reported), total
        if recent.received:
            self.get_logger().info(f"frames in the last {REPORT_PERIOD_S:.0f} s: {recent}; in all: {total}")


def run_segmenter(arguments: list[str] | None) -> int:
    """Run the node until a stopping signal, which `run_command` raises. Returns the exit code.

    Args:
        arguments: for ROS; None: those of the process.

    Raises:
        InputError: a value given at start is of the wrong type or out of range.
    """
    # Its own handlers would take the publishers away under the hands of the worker.
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    node, closed = None, True
    try:
        try:
            node = SegmenterNode()
            node.autostart()
            spin_until_told_to_end(node)
        except (InvalidParameterTypeException, InvalidParameterValueException) as error:
            raise InputError(str(error)) from error
    finally:
        # The end is under way: another signal would only break it off in the middle.
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        if node is not None:
            closed = node.close()
            # Also takes leave of the other processes, which otherwise wait for this one to time out.
            node.destroy_node()
        rclpy.try_shutdown()
        if not closed:
            # The worker is deep inside torch, and Python would abort if it were taken down around it.
            os._exit(0)
    return 0
