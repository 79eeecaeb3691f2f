"""Messages of several sources in one order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Read(NamedTuple):
    """A message as a storage gives it.

    Attributes:
        time_ns: when it was recorded, nanoseconds since the epoch.
        channel: number of its topic in the storage or the bag.
        data: serialised.
    """

    time_ns: int
    channel: int
    data: bytes


def merged(sources: Iterable[tuple[int, Iterator[Read]]]) -> Iterator[Read]:
    """Merge sources, each in order of time.

    A source is not touched before its time has come, so that parts of a long recording are loaded one after
    the other and not all at once.

    Args:
        sources: a time before which none of its messages lies, and the messages.
    """
    waiting = sorted(enumerate(sources), key=lambda item: (item[1][0], item[0]), reverse=True)
    # The number keeps messages of one time in the order of their sources.
    active: list[tuple[int, int, Read, Iterator[Read]]] = []
    while waiting or active:
        while waiting and (not active or waiting[-1][1][0] <= active[0][0]):
            number, (_, messages) = waiting.pop()
            _advance(active, number, messages)
        if active:
            _, number, message, messages = heapq.heappop(active)
            yield message
            _advance(active, number, messages)


def _advance(
    active: list[tuple[int, int, Read, Iterator[Read]]], number: int, messages: Iterator[Read]
) -> None:
    message = next(messages, None)
    if message is not None:
        heapq.heappush(active, (message.time_ns, number, message, messages))
