"""Log lines that may come with every frame, at a rate that a person can read."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Logger(Protocol):
    """The part of rclpy's logger that is used here."""

    def warning(self, message: str) -> object:
        """Log a line."""

    def error(self, message: str) -> object:
        """Log a line."""


class ThrottledLog:
    """Lets each message through once in `period_s`, and tells how often it came up in between.

    rclpy's own throttling goes by the line of code that logs. Here, all complaints about images come out
    of one line, and a flood of one kind must not hide the first of another, so this one goes by the text.
    Numbers in it do not count: "got 12 bytes" and "got 13 bytes" are one message.

    Args:
        logger: where the lines go.
        period_s: seconds between two lines with the same text.
        clock: monotonic seconds.
    """

    #: Texts remembered. The oldest is forgotten first, so that invented texts cannot fill the memory.
    CAPACITY = 64

    def __init__(
        self, logger: Logger, period_s: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logger, self._period_s, self._clock = logger, period_s, clock
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._suppressed: dict[str, int] = {}

    def warning(self, text: str) -> None:
        """Log as a warning, or count."""
        if (line := self._admit(text)) is not None:
            self._logger.warning(line)

    def error(self, text: str) -> None:
        """Log as an error, or count."""
        if (line := self._admit(text)) is not None:
            self._logger.error(line)

    def _admit(self, text: str) -> str | None:
        key, now = re.sub(r"\d+", "#", text), self._clock()
        with self._lock:
            if key in self._last and now - self._last[key] < self._period_s:
                self._suppressed[key] = self._suppressed.get(key, 0) + 1
                return None
            # Taken out and put back, so that the first key is always the one that is silent the longest.
            self._last.pop(key, None)
            self._last[key] = now
            suppressed = self._suppressed.pop(key, 0)
            if len(self._last) > self.CAPACITY:
                oldest = next(iter(self._last))
                del self._last[oldest]
                self._suppressed.pop(oldest, None)
        return f"{text} [{suppressed} more of these since the last line]" if suppressed else text
