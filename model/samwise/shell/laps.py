"""How long the parts of a piece of work took."""

from __future__ import annotations

import time


class Laps:
    """A stopwatch.

    Attributes:
        seconds: of each part, in the order in which they ended.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Count the time since the last call, or since the beginning, under this name."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now
