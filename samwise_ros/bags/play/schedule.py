"""When to publish what: the recorded times, mapped to a steady clock."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from samwise_ros.messages.stamps import NANOSECONDS


@dataclass(frozen=True)
class Event:
    """Something that happened at a time of the recording.

    Attributes:
        stamp_ns: when, in nanoseconds of the recording.
        act: what to do when that time has come.
    """

    stamp_ns: int
    act: Callable[[], None]


class Pacer:
    """Waits for the positions of a recording.

    Every due time is computed from the first one, so that nothing adds up: an event that is late makes no
    later event late.

    Args:
        start_ns: position that is now, in nanoseconds.
        rate: seconds of the recording in a second.
        stop: ends every wait when set.
        now: steady clock in nanoseconds; another one for tests.
        wait: sleeps that many seconds, returns whether to stop; another one for tests.
    """

    def __init__(
        self,
        start_ns: int,
        rate: float,
        stop: threading.Event,
        *,
        now: Callable[[], int] = time.monotonic_ns,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._start, self._rate, self._now = start_ns, rate, now
        self._wait = wait or stop.wait
        self._origin = now()

    def wait_until(self, position_ns: int) -> bool:
        """Wait for a position of the recording. Returns False when told to stop."""
        due = self._origin + round((position_ns - self._start) / self._rate)
        # At least one look at the stop signal, even when everything is late.
        return not self._wait(max(0, due - self._now()) / NANOSECONDS)


def with_clock_ticks(
    events: Iterable[Event], ticks: Iterable[int], tick: Callable[[int], None]
) -> Iterator[Event]:
    """Merge events with ticks at the given times of the recording, both in order.

    The tick of a time goes before the events of that time, so that a stamp never lies in the future.
    """
    ticking = (Event(stamp, partial(tick, stamp)) for stamp in ticks)
    return heapq.merge(ticking, events, key=lambda event: event.stamp_ns)
