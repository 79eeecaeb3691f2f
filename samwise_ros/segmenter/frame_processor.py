"""What the worker does with a frame: compute, and publish unless the sentence has changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sensor_msgs.msg import Image

from samwise_ros.errors import InputError
from samwise_ros.processes.throttled_log import ThrottledLog
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.expression_input import ExpressionInput

if TYPE_CHECKING:
    from samwise_ros.pipeline import FrameOutput, Pipeline


class OutputSink(Protocol):
    """Where results go."""

    @property
    def overlay_wanted(self) -> bool:
        """Whether anyone looks at the overlay."""

    def publish(self, output: FrameOutput) -> None:
        """Publish mask, state and switches."""

    def publish_overlay(self, overlay: Image) -> None:
        """Publish the overlay of the same frame."""


class FrameProcessor:
    """Runs in the worker's thread, and owns the pipeline there.

    Args:
        pipeline: computes.
        expressions: knows the sentence.
        outputs: publishes.
        counters: of which `processed`, `failed` and `unasked` are kept here.
        log: for what may come with every frame.
        hint: logged when there is an image but no sentence.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        expressions: ExpressionInput,
        outputs: OutputSink,
        counters: Counters,
        log: ThrottledLog,
        hint: str,
    ) -> None:
        self._pipeline, self._expressions, self._outputs = pipeline, expressions, outputs
        self._counters, self._log, self._hint = counters, log, hint

    def handle(self, image: Image) -> None:
        """Segment one image and publish the results."""
        sentence = self._expressions.current
        if sentence is None:
            self._counters.unasked += 1
            self._log.warning(self._hint)
            return
        output = self._pipeline.process(image, sentence.text, sentence.id)
        for notice in output.notices:
            self._log.warning(notice)
        with self._expressions.publishing(sentence.generation) as still_asked:
            if not still_asked:
                self._counters.unasked += 1
                return
            self._outputs.publish(output)
        self._counters.processed += 1
        if not self._outputs.overlay_wanted:
            return
        # Drawn after the mask is out, and without holding up a new sentence.
        overlay = output.overlay()
        with self._expressions.publishing(sentence.generation) as still_asked:
            if still_asked:
                self._outputs.publish_overlay(overlay)

    def failed(self, error: Exception) -> None:
        """Account for a frame that `handle` raised on."""
        self._counters.failed += 1
        if isinstance(error, InputError):
            self._log.warning(str(error))
        else:
            self._log.error(f"frame skipped after an unexpected {type(error).__name__}: {error}")
