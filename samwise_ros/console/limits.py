"""How much of something is let through."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: A sentence that is longer is not even sent. Shorter ones are the node's to judge.
MAX_CHARACTERS = 2000


class Allowance:
    """A bucket of tokens that fills steadily. Thread-safe.

    Args:
        per_second: how many it gains.
        burst: how many it holds.
        clock: seconds.
    """

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._lock = threading.Lock()
        self._left, self._at = burst, clock()

    def take(self) -> bool:
        """Take a token, and return whether there was one."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
            self._at = now
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
