"""The time of a recording as it is played: without the gaps that nobody wants to wait for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from samwise_ros.messages.stamps import NANOSECONDS

#: Gaps that are told one by one.
_TOLD = 3


class Timeline:
    """Maps times of the recording to positions in what is played, both in nanoseconds.

    A position is 0 at the first message. Between two stretches no time passes.

    Args:
        stretches: first and last time of every stretch to play, in order, at least one.
    """

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._stretches = stretches
        self._starts = [start for start, _ in stretches]
        self._positions = [0, *accumulate(end - start for start, end in stretches)]

    @property
    def length(self) -> int:
        """Nanoseconds that the whole takes."""
        return self._positions[-1]

    def position(self, time_ns: int) -> int:
        """Return where a time of the recording is played; one within a gap, or outside, at its edge."""
        index = max(0, bisect_right(self._starts, time_ns) - 1)
        start, end = self._stretches[index]
        return self._positions[index] + min(max(time_ns, start), end) - start

    def time_at(self, position: int) -> int:
        """Return the time of the recording that is played at a position."""
        # At the edge of a gap it is the time before it.
        index = min(bisect_left(self._positions, position, lo=1), len(self._stretches)) - 1
        return self._starts[index] + position - self._positions[index]

    def ticks(self, start_ns: int, end_ns: int, period_ns: int) -> Iterator[int]:
        """Yield times of the recording from `start_ns` to `end_ns`, so far apart, and none within a gap."""
        for first, last in self._stretches:
            yield from range(max(first, start_ns), min(last, end_ns) + 1, period_ns)

    def gaps(self) -> str:
        """Say which gaps are left out; "" if there are none."""
        ends = self._stretches[:-1]
        found = [
            f"{_duration(start - end)} after {position / NANOSECONDS:.1f} s"
            for (_, end), (start, _), position in zip(
                ends, self._stretches[1:], self._positions[1:], strict=False
            )
        ]
        if len(found) > _TOLD:
            found[_TOLD:] = [f"{len(found) - _TOLD} more"]
        return ", ".join(found)


def _duration(nanoseconds: int) -> str:
    seconds = nanoseconds / NANOSECONDS
    for unit, length in (("years", 365.25 * 86400), ("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.1f} s"
