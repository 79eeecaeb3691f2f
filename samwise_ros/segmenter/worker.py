"""The thread that computes, so that the executor's thread only ever receives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from samwise_ros.segmenter.frame_slot import FrameSlot

Item = TypeVar("Item")


class Worker(Generic[Item]):
    """Calls `handle` with the latest item of `slot`, one at a time, in a thread of its own.

    Args:
        slot: where the items come from. The worker closes it when it stops.
        handle: does the work.
        on_error: told of every exception that `handle` lets out; the worker then goes on with the next
            item. Called in the worker's thread.
    """

    def __init__(
        self, slot: FrameSlot[Item], handle: Callable[[Item], None], on_error: Callable[[Exception], None]
    ) -> None:
        self._slot, self._handle, self._on_error = slot, handle, on_error
        # A daemon, so that a frame that takes minutes cannot keep the process from ending.
        self._thread = threading.Thread(target=self._run, name="segmenter-worker", daemon=True)

    def start(self) -> None:
        """Begin; once in a worker's life."""
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Finish the item in work and take no other. Returns False if that takes over `timeout` seconds."""
        self._slot.close()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (item := self._slot.take()) is not None:
            try:
                self._handle(item)
            except Exception as error:  # One bad frame must not end the stream: the owner reports it.
                self._on_error(error)
