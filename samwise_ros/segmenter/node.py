"""The lifecycle node `segmenter`: a camera and a sentence in, masks, target states and switches out."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from rcl_interfaces.msg import SetParametersResult
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.lifecycle import LifecycleNode, LifecycleNodeMixin, LifecycleState, TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter

from samwise_ros.errors import SamwiseRosError
from samwise_ros.segmenter.parameters import (
    Settings,
    check_change,
    declare_parameters,
    read_settings,
    unknown_parameters,
)
from samwise_ros.segmenter.pipeline_factory import Opened, open_pipeline
from samwise_ros.segmenter.serving import serve_until
from samwise_ros.segmenter.stream import Stream

#: How long the process waits for the frame in work when it is told to end.
PATIENCE_S = 3.0


class ToldToEndError(SamwiseRosError):
    """The process is to end, and does not wait for what the node was waiting for."""


class SegmenterNode(LifecycleNode):
    """Loads the model in configure, follows the sentence while active, frees everything in cleanup.

    Callbacks run in the thread that spins. What takes its time is done beside it: the model is loaded in a
    thread of its own, and a worker, which lives while the node is active, computes and publishes. Whoever
    asks for the state or the parameters while a transition waits for them is answered.

    Args:
        told_to_end: whether the process is to end, so that nobody waits any longer.
    """

    def __init__(self, told_to_end: Callable[[], bool] = lambda: False) -> None:
        Node.__init__(self, "segmenter")
        # Not as LifecycleNode does it: there, the services of the lifecycle share a group with everything
        # else, of which one callback runs at a time, so that all of them would wait for a transition.
        LifecycleNodeMixin.__init__(self, callback_group=ReentrantCallbackGroup())
        self._told_to_end = told_to_end
        #: Here, not with the model: they are given once while the node lives.
        self._ids = itertools.count(1)
        self._loading: Future[Opened] | None = None
        self._stream: Stream | None = None
        declare_parameters(self)
        for line in unknown_parameters(self):
            self.get_logger().warning(line)
        self.add_on_set_parameters_callback(self._check_parameters)
        self.add_post_set_parameters_callback(self._apply_parameters)

    def autostart(self) -> None:
        """Configure and activate if the parameter says so. After a failure the node lives, unconfigured."""
        if not self.get_parameter("autostart").value:
            self.get_logger().info("autostart is off: waiting to be configured and activated")
        elif self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    def close(self) -> bool:
        """Let go of everything at the end of the process.

        Returns:
            False if the model is still being loaded, or a frame in work takes too long: a thread is deep
            inside the library, and the process has to end around it.
        """
        if self._loading is not None:
            return False
        if self._stream is not None:
            if not self._stream.stop(PATIENCE_S):
                return False
            self._stream.close()
        return True

    def destroy_node(self) -> None:
        """Leave the graph at once, even if a thread goes on that refers to this object."""
        super().destroy_node()
        # It holds the node, and rclpy leaves it to the garbage collector.
        machine = getattr(self, "_state_machine", None)
        if machine is not None:
            machine.destroy_when_not_in_use()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the model, create the publishers, listen to sentences."""
        if not self._attempt("configure", self._set_up):
            return TransitionCallbackReturn.FAILURE
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Take images and start the worker."""
        assert self._stream is not None  # on_configure has succeeded
        # The publishers first: the worker may have a result before this returns.
        super().on_activate(state)
        if not self._attempt("activate", self._stream.start):
            self._halt()
            super().on_deactivate(state)
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop taking images, and wait for the frame in work."""
        assert self._stream is not None  # on_configure has succeeded
        if not self._halt():
            return TransitionCallbackReturn.FAILURE
        self.get_logger().info(f"deactivated; frames since activation: {self._stream.counts()}")
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free the model, forget the sentence."""
        self._release()
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop and free, from whatever state."""
        if not self._halt():
            return TransitionCallbackReturn.FAILURE
        self._release()
        return super().on_shutdown(state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Go back to unconfigured, from where the node can be configured again."""
        self.get_logger().error("a transition went wrong: stopping, back to unconfigured")
        return self.on_shutdown(state)

    def _attempt(self, transition: str, step: Callable[[], None]) -> bool:
        try:
            step()
        except ToldToEndError:
            return False
        except Exception as error:  # rclpy would let the transition fail without a word of the reason.
            self.get_logger().error(
                f"cannot {transition}: {error}. After mending it: "
                f"ros2 lifecycle set {self.get_fully_qualified_name()} {transition}"
            )
            return False
        return True

    def _set_up(self) -> None:
        started, settings = time.monotonic(), read_settings(self)
        opened = self._load(settings)
        self.get_logger().info(
            f"loaded {settings.checkpoint or 'the miniature that ships'} on {settings.device} in "
            f"{settings.precision}, {time.monotonic() - started:.1f} s"
        )
        # Read once more: thresholds and sentence may have been set since.
        self._stream = Stream(self, opened.pipeline, read_settings(self), opened.frame_rate, self._ids)

    def _load(self, settings: Settings) -> Opened:
        loader = ThreadPoolExecutor(1, "segmenter-loader")
        loading = self._loading = loader.submit(
            open_pipeline, settings, lambda: int(self.get_clock().now().nanoseconds)
        )
        loader.shutdown(wait=False)
        serve_until(self, lambda: loading.done() or self._told_to_end())
        if not loading.done():
            raise ToldToEndError
        self._loading = None
        return loading.result()

    def _halt(self) -> bool:
        """Stop the stream. Returns False if told to end before the frame in work is finished."""
        stream = self._stream
        if stream is None:
            return True
        serve_until(self, lambda: stream.stop() or self._told_to_end())
        return stream.stop()

    def _release(self) -> None:
        if self._stream is not None:
            self._stream.close()
        self._stream = None

    def _check_parameters(self, parameters: Iterable[Parameter[Any]]) -> SetParametersResult:
        return check_change(parameters, configured=self._loading is not None or self._stream is not None)

    def _apply_parameters(self, parameters: Iterable[Parameter[Any]]) -> None:
        if self._stream is None:
            return
        settings = read_settings(self)
        self._stream.change(settings)
        if settings.expression and any(parameter.name == "expression" for parameter in parameters):
            self._stream.hear(settings.expression, time.time_ns())
