"""Rows of the table of messages, in order of time."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from samwise_ros.bags.reading.ordering import Read
from samwise_ros.bags.reading.storage import Stretch

#: How far behind an unreadable row another one is looked for: rows of a bag are numbered without holes.
FARTHEST = 1 << 30


# SQLite keeps whatever it is given: text, or nothing, in a column of numbers.
_HAS_TIME = "typeof(timestamp) = 'integer'"


class Rows(Protocol):
    """The table of messages."""

    @property
    def total(self) -> int:
        """Rows, also those that belong to no topic or have no time."""

    @property
    def counts(self) -> Mapping[int, int]:
        """Messages by topic number."""

    @property
    def span(self) -> Stretch | None:
        """Times of the first and the last message; None where there is none."""

    def messages(
        self, channels: Collection[int], start_ns: int | None, stop_ns: int | None
    ) -> Iterator[Read]:
        """Yield messages in order of time, as `Storage.messages` does."""

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """Return stretches without gaps, as `Storage.stretches` does."""


class SoundRows:
    """`Rows` of a file in order.

    Raises:
        sqlite3.DatabaseError: if they cannot be read in order.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        totals = database.execute(
            "SELECT topic_id, COUNT(*), MIN(timestamp), MAX(timestamp) FROM messages "
            f"WHERE {_HAS_TIME} GROUP BY topic_id"
        ).fetchall()
        [(self.total,)] = database.execute("SELECT COUNT(*) FROM messages")
        self.counts = {topic: count for topic, count, _, _ in totals}
        self.span = (min(row[2] for row in totals), max(row[3] for row in totals)) if totals else None

    def messages(
        self, channels: Collection[int], start_ns: int | None, stop_ns: int | None
    ) -> Iterator[Read]:
        """See `Rows`.

        Raises:
            sqlite3.DatabaseError: if a page is damaged after all.
        """
        query = (
            "SELECT timestamp, topic_id, data FROM messages "
            f"WHERE {_HAS_TIME} AND topic_id IN ({_marks(channels)})"
        )
        values = list(channels)
        for condition, value in ((" AND timestamp >= ?", start_ns), (" AND timestamp < ?", stop_ns)):
            if value is not None:
                query, values = query + condition, [*values, value]
        for row in self._database.execute(f"{query} ORDER BY timestamp, rowid", values):
            yield _read(*row)

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """See `Rows`."""
        if self.span is None:
            return []
        query = (
            "SELECT before, timestamp FROM "
            "(SELECT timestamp, LAG(timestamp) OVER (ORDER BY timestamp) AS before FROM messages "
            f"WHERE {_HAS_TIME}) WHERE timestamp - before > ? ORDER BY timestamp"
        )
        gaps = self._database.execute(query, [longest_gap_ns]).fetchall()
        starts = [self.span[0], *(after for _, after in gaps)]
        ends = [*(before for before, _ in gaps), self.span[1]]
        return list(zip(starts, ends, strict=True))


class DamagedRows:
    """`Rows` of a damaged file: those that can still be reached, found one after the other by number."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._index = sorted((time, row, topic) for row, topic, time in self._reachable())
        self.total = len(self._index)
        self.counts = Counter(topic for _, _, topic in self._index)
        self.span = (self._index[0][0], self._index[-1][0]) if self._index else None

    def messages(
        self, channels: Collection[int], start_ns: int | None, stop_ns: int | None
    ) -> Iterator[Read]:
        """See `Rows`."""
        for time, row, topic in self._index:
            if (
                topic in channels
                and (start_ns is None or time >= start_ns)
                and (stop_ns is None or time < stop_ns)
                and (read := self._fetch(row)) is not None
            ):
                yield read

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """See `Rows`."""
        return [(time, time) for time, _, _ in self._index]

    def _fetch(self, row: int) -> Read | None:
        try:
            found = self._database.execute(
                "SELECT timestamp, topic_id, data FROM messages WHERE rowid = ?", [row]
            ).fetchone()
        except sqlite3.DatabaseError:
            return None
        return _read(*found) if found else None

    def _reachable(self) -> Iterator[tuple[int, int, int]]:
        """Yield number, topic and time of every message whose data can be read as well."""
        position, step = 0, 1
        damage: int | None = None
        while step <= FARTHEST:
            try:
                found = self._one("rowid >= ? ORDER BY rowid", position)
            except sqlite3.DatabaseError:
                damage = position if damage is None else damage
                position, step = position + step, step * 2
                continue
            if damage is not None:
                # What was stepped over may have been good in its later part.
                yield from self._back_to(damage, position)
                damage, step = None, 1
            if found is None:
                return
            position = found[0] + 1
            if isinstance(found[2], int):
                yield found

    def _back_to(self, low: int, high: int) -> Iterator[tuple[int, int, int]]:
        """Yield messages from number `high` down to `low`, as far as they can be read."""
        while high > low:
            try:
                found = self._one("rowid >= ? AND rowid < ? ORDER BY rowid DESC", low, high)
            except sqlite3.DatabaseError:
                return
            if found is None:
                return
            high = found[0]
            if isinstance(found[2], int):
                yield found

    def _one(self, condition: str, *values: int) -> tuple[int, int, int] | None:
        """Return number, topic and time of one message, and have its data read."""
        # One at a time: Python asks for the next row before it gives one, and an error there takes both.
        # The last byte of the data lies on the last of its pages, and there is no way to it but through all.
        query = f"SELECT rowid, topic_id, timestamp, SUBSTR(data, -1) FROM messages WHERE {condition} LIMIT 1"
        row = self._database.execute(query, values).fetchone()
        return None if row is None else row[:3]


def _read(time: int, topic: int, data: bytes | str | None) -> Read:
    return Read(time, topic, data.encode() if isinstance(data, str) else data or b"")


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
