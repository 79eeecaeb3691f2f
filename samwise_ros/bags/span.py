"""From when to when a recording goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Times of the earliest and the latest message, in nanoseconds; both 0 where there is none."""

    start_ns: int = 0
    end_ns: int = 0

    def with_times(self, start_ns: int, end_ns: int, *, first: bool) -> Span:
        """Return a span that covers these times, too, or only them where they are the first."""
        if first:
            return Span(start_ns, end_ns)
        return Span(min(self.start_ns, start_ns), max(self.end_ns, end_ns))
