"""The way of frames through one activation of the node, without any communication."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sensor_msgs.msg import Image

from samwise_ros.messages.stamps import NANOSECONDS, nanoseconds
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.frame_processor import FrameProcessor
from samwise_ros.segmenter.frame_slot import FrameSlot
from samwise_ros.segmenter.worker import Worker

if TYPE_CHECKING:
    from samwise.video.pace import Pace


class FrameFlow:
    """Takes images into the slot, has the worker process them, and accounts for every one.

    From activation to deactivation of one camera; the next activation begins another one. All methods are for
    the thread that spins.

    Args:
        processor: for the worker's thread.
        counters: those of the processor; `received`, `left_out` and `dropped` are kept here.
        pace: says which images to take.
        alive: whether results can still be published. If not, the process is ending, and errors do not count.
        clock: monotonic seconds.
        paused: see `pause`.
    """

    def __init__(
        self,
        processor: FrameProcessor,
        counters: Counters,
        pace: Pace,
        alive: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
        paused: bool = False,
    ) -> None:
        self._processor, self._counters, self._pace = processor, counters, pace
        self._alive, self._clock, self._paused = alive, clock, paused
        self._slot: FrameSlot[Image] = FrameSlot()
        self._worker = Worker(self._slot, processor.handle, self._on_error)
        self._reported = Counters()
        self._last_image = clock()

    def start(self) -> None:
        """Begin; once."""
        self._worker.start()

    def put(self, image: Image) -> None:
        """Take an image, unless it comes too soon. One that still waits makes way for it."""
        self._last_image = self._clock()
        self._counters.received += 1
        # Some drivers stamp nothing: then the arrival has to do.
        stamp_ns = nanoseconds(image.header.stamp) or round(self._last_image * NANOSECONDS)
        if not self._paused and self._pace.takes(stamp_ns):
            self._slot.put(image)
        else:
            self._counters.left_out += 1

    def pause(self, on: bool) -> None:
        """Leave all images out, the one that waits among them, or take them again."""
        self._paused = on
        if on:
            self._slot.clear()

    def stop(self, timeout: float = 0.0) -> bool:
        """Take no more images. Returns whether the frame in work is finished within `timeout` seconds."""
        return self._worker.stop(timeout)

    @property
    def silent_s(self) -> float:
        """Seconds since the last image, or since the beginning."""
        return self._clock() - self._last_image

    def counts(self) -> Counters:
        """What became of the images so far."""
        self._counters.dropped = self._slot.dropped
        return self._counters.copy()

    def report(self) -> str | None:
        """A line about the images since the last report, and in all. None where there were none since."""
        total = self.counts()
        recent, self._reported = total.since(self._reported), total
        return f"{recent}; in all: {total}" if recent.received else None

    def _on_error(self, error: Exception) -> None:
        if self._alive():
            self._processor.failed(error)
