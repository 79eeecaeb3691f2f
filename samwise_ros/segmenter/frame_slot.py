"""The place of one frame between the subscription and the worker."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FrameSlot(Generic[Item]):
    """Holds the latest item only: a slow taker misses items, it never falls behind.

    Thread-safe. `None` cannot be an item.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: Item | None = None
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Items that nobody took: each made way for a newer one, or was there when the slot was closed."""
        with self._changed:
            return self._dropped

    def put(self, item: Item) -> None:
        """Store `item`. An older one that was not taken yet is dropped."""
        with self._changed:
            self._drop()
            self._item = item
            if self._closed:
                self._drop()
            self._changed.notify()

    def take(self) -> Item | None:
        """Wait for an item and remove it from the slot. Returns None once the slot is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._item is not None)
            item, self._item = self._item, None
            return item

    def clear(self) -> None:
        """Drop what is there."""
        with self._changed:
            self._drop()

    def close(self) -> None:
        """Drop what is there, and from now on everything; wake every waiting taker with None."""
        with self._changed:
            self._closed = True
            self._drop()
            self._changed.notify_all()

    def _drop(self) -> None:
        if self._item is not None:
            self._item = None
            self._dropped += 1
