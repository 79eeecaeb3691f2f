"""Numbers over time for the plots, and rates."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


class Series:
    """The last values of a number. Thread-safe.

    Args:
        span_s: how far it reaches back.
        every_s: values that come sooner after the last one replace it, so that a fast node makes no
            heavier page; 0.0 keeps all.
        clock: seconds.
    """

    def __init__(
        self, span_s: float = 60.0, every_s: float = 0.2, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._span_s, self._every_s, self._clock = span_s, every_s, clock
        self._lock = threading.Lock()
        self._values: deque[tuple[float, float]] = deque()

    def add(self, value: float) -> None:
        """Append a value that holds now."""
        now = self._clock()
        with self._lock:
            values = self._values
            if len(values) > 1 and now - values[-2][0] < self._every_s:
                values.pop()
            values.append((now, value))
            self._trim(now)

    def points(self) -> list[tuple[float, float]]:
        """Return (seconds ago as a negative number, value), the oldest first."""
        now = self._clock()
        with self._lock:
            self._trim(now)
            return [(round(at - now, 2), round(value, 4)) for at, value in self._values]

    def last(self) -> float | None:
        """Return the newest value; None where there is none within the span."""
        points = self.points()
        return points[-1][1] if points else None

    def _trim(self, now: float) -> None:
        while self._values and now - self._values[0][0] > self._span_s:
            self._values.popleft()


class Rate:
    """How often something happens a second, over the last few. Thread-safe.

    Args:
        span_s: over how long.
        clock: seconds.

    Attributes:
        total: how often it has happened so far.
    """

    def __init__(self, span_s: float = 3.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._span_s, self._clock = span_s, clock
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=1000)
        self.total = 0

    def tick(self) -> None:
        """Count one."""
        with self._lock:
            self._times.append(self._clock())
            self.total += 1

    def per_second(self) -> float:
        """Return the rate."""
        now = self._clock()
        with self._lock:
            while self._times and now - self._times[0] > self._span_s:
                self._times.popleft()
            return len(self._times) / self._span_s

    def age_s(self) -> float | None:
        """Return the seconds since the last time; None where that is beyond the span, or never was."""
        now = self._clock()
        with self._lock:
            return now - self._times[-1] if self._times and now - self._times[-1] <= self._span_s else None
