"""The sentence to follow: which one counts, and what may still be published under it."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from samwise_ros.messages.sentences import clean_sentence


class Sentence(NamedTuple):
    """A sentence in force.

    Attributes:
        text: cleaned.
        generation: tells results computed under it from those of every other, and of before a pause.
        id: number of the target that it names.
    """

    text: str
    generation: int
    id: int


class ExpressionInput:
    """Keeps the sentence in force, and keeps results of an older one from being published. Thread-safe.

    Args:
        ids: numbers for targets, one for each sentence.
    """

    def __init__(self, ids: Iterator[int] | None = None) -> None:
        self._ids = itertools.count(1) if ids is None else ids
        self._id = 0
        self._lock = threading.Lock()
        self._text: str | None = None
        self._generation = 0
        self._newest = 0
        self._seen: deque[int] = deque(maxlen=64)

    @property
    def current(self) -> Sentence | None:
        """The sentence in force, or None before the first one."""
        with self._lock:
            return None if self._text is None else Sentence(self._text, self._generation, self._id)

    def offer(self, text: str, source_stamp: int = 0, *, from_history: bool = False) -> bool:
        """Take a sentence that arrived. From here on nothing is published under an older one.

        The sentence in force said once more changes nothing: `ros2 topic pub` repeats itself every second.

        One message can arrive twice, live and from what a latched publisher keeps for late subscribers.
        The second arrival is known by its stamp. A kept message counts only if it is newer than the last
        one; a live one counts in order of arrival, since the clocks of two publishers need not agree.

        Args:
            text: the sentence as received.
            source_stamp: nanoseconds when it was sent, by the sender's clock; 0 if that is not known.
            from_history: it may have been sent before this node was there to hear it.

        Returns:
            True if it is in force from now on and was not before.

        Raises:
            InputError: see `clean_sentence`. The sentence in force stays.
        """
        with self._lock:
            if source_stamp:
                if source_stamp in self._seen or (from_history and source_stamp < self._newest):
                    return False
                self._seen.append(source_stamp)
                self._newest = source_stamp
            cleaned = clean_sentence(text)
            if cleaned == self._text:
                return False
            self._text, self._id = cleaned, next(self._ids)
            self._generation += 1
            return True

    def outdate(self) -> None:
        """Let nothing that is being computed now be published; the sentence stays."""
        with self._lock:
            self._generation += 1

    @contextmanager
    def publishing(self, generation: int) -> Iterator[bool]:
        """Hold new sentences off while results are published. Yields False if they are outdated already."""
        with self._lock:
            yield generation == self._generation
