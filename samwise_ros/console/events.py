"""What happened: found, lost, switched, said, the node gone and back. With pictures before and after."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum

#: How many are kept.
CAPACITY = 40
#: A state has to hold for this many frames before it is told as an event: models flicker.
CONFIRM_FRAMES = 3


class Kind(Enum):
    """What an event is about; the value is the word on the page."""

    FOUND = "found"
    LOST = "lost"
    SWITCHED = "switched"
    SENTENCE = "sentence"
    NODE = "node"


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        number: counts from 1 while the console runs.
        kind: what it is about.
        at: seconds since the epoch, on the console's clock.
        text: what to say about it.
        before, after: JPEG pictures; None where there are none (yet).
    """

    number: int
    kind: Kind
    at: float
    text: str
    before: bytes | None = None
    after: bytes | None = None


class Events:
    """The last events, the newest first. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: deque[Event] = deque(maxlen=CAPACITY)
        self._count = 0

    def add(self, kind: Kind, text: str) -> int:
        """Append an event that happens now, and return its number."""
        with self._lock:
            self._count += 1
            self._events.appendleft(Event(self._count, kind, time.time(), text))
            return self._count

    def illustrate(self, number: int, before: bytes | None, after: bytes | None) -> None:
        """Give an event its pictures, if it is still kept."""
        with self._lock:
            for place, event in enumerate(self._events):
                if event.number == number:
                    self._events[place] = replace(event, before=before, after=after)

    def list(self) -> list[Event]:
        """Return them, the newest first."""
        with self._lock:
            return list(self._events)


class Presence:
    """Tells when a target is found and when it is lost, from what is said about it frame by frame."""

    def __init__(self) -> None:
        self._known: bool | None = None
        self._streak = 0

    def restart(self) -> None:
        """Start over, for another sentence."""
        self._known, self._streak = None, 0

    def see(self, present: bool) -> Kind | None:
        """Take the next frame's word. Returns FOUND or LOST with the frame that confirms it."""
        if present == self._known or (self._known is None and not present):
            # A target that has not been seen yet is not lost.
            self._streak = 0
            return None
        self._streak += 1
        if self._streak < CONFIRM_FRAMES:
            return None
        self._known, self._streak = present, 0
        return Kind.FOUND if present else Kind.LOST
