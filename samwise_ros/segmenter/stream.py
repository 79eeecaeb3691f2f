"""One camera and its sentence: everything of the node that there is once per camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.lifecycle import LifecycleNode
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import Image

from samwise_ros import qos, topics
from samwise_ros.errors import InputError
from samwise_ros.messages.sentences import clean_sentence
from samwise_ros.processes.throttled_log import ThrottledLog
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.expression_input import ExpressionInput, Sentence
from samwise_ros.segmenter.expression_subscriptions import ExpressionSubscriptions
from samwise_ros.segmenter.frame_flow import FrameFlow
from samwise_ros.segmenter.frame_processor import FrameProcessor
from samwise_ros.segmenter.image_watch import no_image_warning
from samwise_ros.segmenter.outputs import Outputs
from samwise_ros.segmenter.parameters import Settings
from samwise_ros.segmenter.services import Services
from samwise_ros.target_status import Hysteresis

if TYPE_CHECKING:
    from samwise_ros.pipeline import Pipeline

REPORT_PERIOD_S = 10.0
WATCH_PERIOD_S = 1.0


class Stream:
    """Hears sentences from its making to `close`; takes images, and has masks published, in between.

    All methods are for the thread that spins. The worker's thread, which lives from `start` to `stop`,
    computes and publishes.

    Args:
        node: to communicate with.
        pipeline: that computes, for this stream alone.
        settings: to begin with, the sentence among them.
        frame_rate: images per second that the model was trained at; None: not known.
        ids: numbers for targets.
    """

    def __init__(
        self,
        node: LifecycleNode,
        pipeline: Pipeline,
        settings: Settings,
        frame_rate: float | None = None,
        ids: Iterator[int] | None = None,
    ) -> None:
        # Late, like all of the library: it may be missing when the node starts.
        from samwise.video.pace import Pace

        self._node, self._pipeline, self._frame_rate = node, pipeline, frame_rate
        self._pace = Pace(0.0)
        self._log = ThrottledLog(node.get_logger())
        self._expressions = ExpressionInput(ids)
        self._paused = False
        self._flow: FrameFlow | None = None
        self._image_timeout_s = settings.image_timeout
        # What undoes the making, and what undoes `start`, but for the worker.
        self._made, self._started = ExitStack(), ExitStack()
        with ExitStack() as undo:
            self._outputs = Outputs(node)
            undo.callback(self._outputs.close)
            self.change(settings)
            if settings.max_rate < 0.0 and frame_rate is not None:
                node.get_logger().info(
                    f"at most {frame_rate:g} images per second are segmented, the rate that the model was "
                    "trained at; max_rate:=0.0 takes all"
                )
            if settings.expression:
                self.hear(settings.expression)
            undo.callback(ExpressionSubscriptions(node, self.hear).close)
            undo.callback(Services(node, self).close)
            self._made = undo.pop_all()

    def change(self, settings: Settings) -> None:
        """Go by other thresholds and times from the next frame on. The sentence stays: see `hear`."""
        self._pipeline.set_thresholds(settings.mask_threshold, settings.cme_threshold)
        self._pipeline.restart_threshold = settings.restart_threshold
        self._pipeline.hysteresis = Hysteresis(
            settings.found_frames, settings.lost_frames, settings.found_score, settings.lost_score
        )
        self._image_timeout_s = settings.image_timeout
        self._pace.change(self._rate_of(settings))

    def hear(self, text: str, source_stamp: int = 0, from_history: bool = False) -> None:
        """Follow a sentence, or say in the log why not; see `ExpressionInput.offer`."""
        try:
            self._offer(text, source_stamp, from_history)
        except InputError as error:
            current = self._expressions.current
            state = f"still following {current.text!r}" if current else "nothing is followed yet"
            self._log.warning(f"{error}; {state}")

    def follow(self, text: str) -> tuple[Sentence, tuple[str, ...]]:
        """Follow a sentence from the next frame on.

        Returns:
            The sentence, and its words that the model has never seen.

        Raises:
            InputError: if it cannot be used. The sentence in force stays.
        """
        unknown = self._offer(text)
        sentence = self._expressions.current
        assert sentence is not None
        return sentence, unknown

    def reset(self) -> None:
        """Forget what was seen, and keep the sentence.

        Raises:
            InputError: if there is none.
        """
        if self._expressions.current is None:
            raise InputError("nothing is followed yet, so there is nothing to forget; set a sentence first")
        # What is in work still goes by what is to be forgotten.
        self._expressions.outdate()
        self._pipeline.forget("asked to, by the service reset")
        self._node.get_logger().info("forgetting what was seen, as asked")

    def pause(self, on: bool) -> None:
        """Take no images, and publish nothing more, or take images again. What was seen is kept."""
        self._paused = on
        if self._flow is not None:
            self._flow.pause(on)
        if on:
            self._expressions.outdate()
        self._node.get_logger().info("paused" if on else "taking images")

    def start(self) -> None:
        """Take images, and have what was seen before forgotten. After `stop` has returned True, again."""
        self._pipeline.restart()
        flow = self._flow = self._new_flow()
        flow.start()
        with ExitStack() as undo:
            images = self._node.create_subscription(
                Image,
                topics.IMAGE,
                flow.put,
                qos.IMAGE,
                qos_overriding_options=QoSOverridingOptions.with_default_policies(),
            )
            undo.callback(self._node.destroy_subscription, images)
            self._repeat(undo, WATCH_PERIOD_S, lambda: self._watch(flow, images.topic_name))
            self._repeat(undo, REPORT_PERIOD_S, lambda: self._report(flow))
            self._started = undo.pop_all()

    def stop(self, timeout: float = 0.0) -> bool:
        """Take no more images, and let nothing more be published.

        Returns:
            Whether the frame in work, if there is one, is finished within `timeout` seconds. If not, call it
            again: only then may the stream be started or closed.
        """
        self._started.close()
        self._expressions.outdate()
        return self._flow is None or self._flow.stop(timeout)

    def close(self) -> None:
        """Hear nothing more, and take the publishers back. Not while a frame is in work."""
        self._made.close()

    def counts(self) -> Counters:
        """What became of the images since the last `start`."""
        return Counters() if self._flow is None else self._flow.counts()

    def _offer(self, text: str, source_stamp: int = 0, from_history: bool = False) -> tuple[str, ...]:
        """Have a sentence in force, if the model has a use for it. Returns words that it has never seen."""
        # Before it is in force, so that one the model has no use for costs the old target nothing.
        unknown = self._pipeline.unknown_words(clean_sentence(text))
        if self._expressions.offer(text, source_stamp, from_history=from_history):
            self._node.get_logger().info(f"following {text!r} from the next frame on")
        return unknown

    def _new_flow(self) -> FrameFlow:
        counters = Counters()
        processor = FrameProcessor(
            self._pipeline,
            self._expressions,
            self._outputs,
            counters,
            self._log,
            hint="images arrive, but no sentence was given yet; publish one: ros2 topic pub --once "
            f"{self._node.resolve_topic_name(topics.EXPRESSION)} std_msgs/msg/String "
            "\"{data: 'the red car'}\", or set the parameter expression",
        )
        # Publishing fails once the context is shut down.
        return FrameFlow(processor, counters, self._pace, alive=self._node.context.ok, paused=self._paused)

    def _rate_of(self, settings: Settings) -> float:
        """The rate that a setting stands for; 0 for every image."""
        return settings.max_rate if settings.max_rate >= 0.0 else self._frame_rate or 0.0

    def _repeat(self, undo: ExitStack, period_s: float, callback: Callable[[], None]) -> None:
        # Steady: with simulated time and no clock running, ROS time would stand still, and so the watch.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        undo.callback(self._node.destroy_timer, self._node.create_timer(period_s, callback, clock=steady))

    def _watch(self, flow: FrameFlow, topic: str) -> None:
        if self._paused:
            service = self._node.resolve_service_name(topics.private(topics.PAUSE))
            self._log.warning(
                f"paused: images are left out until somebody calls ros2 service call {service} "
                'std_srvs/srv/SetBool "{data: false}"'
            )
        silent = flow.silent_s
        if silent > self._image_timeout_s:
            publishers = self._node.get_publishers_info_by_topic(topic)
            self._log.warning(no_image_warning(topic, silent, publishers))

    def _report(self, flow: FrameFlow) -> None:
        if (line := flow.report()) is not None:
            self._node.get_logger().info(f"frames in the last {REPORT_PERIOD_S:.0f} s: {line}")
