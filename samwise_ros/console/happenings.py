"""Gives events their pictures: what was seen before, and what is seen once a change shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from samwise_ros.console.events import CAPACITY, Events, Kind
from samwise_ros.console.frames import Sight

#: An event's second picture is taken this many masks later, when what has changed shows.
AFTERWARDS = 3

#: Draws two sights as JPEG, and calls back with them: `Painter.illustrate`.
Illustrate = Callable[[Sight | None, Sight, Callable[[bytes | None, bytes | None], None]], None]


class Happenings:
    """Adds events with a picture before and after. For the ROS thread.

    Args:
        events: to add to.
        illustrate: draws.
    """

    def __init__(self, events: Events, illustrate: Illustrate) -> None:
        self._events, self._draw = events, illustrate
        self._recent: deque[Sight] = deque(maxlen=AFTERWARDS + 1)
        #: Events that wait for their second picture: number, first picture, masks until then.
        self._waiting: list[tuple[int, Sight | None, int]] = []

    def add(self, kind: Kind, text: str) -> None:
        """Add an event that happens now; its pictures come later."""
        number = self._events.add(kind, text)
        self._waiting.append((number, self._recent[0] if self._recent else None, AFTERWARDS))
        # Without masks nothing takes entries out again.
        del self._waiting[:-CAPACITY]

    def see(self, sight: Sight) -> None:
        """Take the next picture that has a mask."""
        self._recent.append(sight)
        waiting = [(number, before, left - 1) for number, before, left in self._waiting]
        self._waiting = [entry for entry in waiting if entry[2] > 0]
        for number, before, left in waiting:
            if left <= 0:
                self._illustrate(number, before, sight)

    def _illustrate(self, number: int, before: Sight | None, after: Sight) -> None:
        self._draw(before, after, lambda first, second: self._events.illustrate(number, first, second))
