"""Messages of an MCAP file, also of one that was cut off or has lost its index."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from mcap.opcode import Opcode
from mcap.records import Channel
from rosbags.interfaces import Connection

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.kinds import cannot_open
from samwise_ros.bags.reading.mcap_index import Block, Index
from samwise_ros.bags.reading.mcap_records import (
    DamageError,
    message,
    message_head,
    records,
    unpack_chunk,
)
from samwise_ros.bags.reading.mcap_scan import Scan
from samwise_ros.bags.reading.mcap_summary import index_from_summary
from samwise_ros.bags.reading.metadata import parse_profiles
from samwise_ros.bags.reading.ordering import Read, merged
from samwise_ros.bags.reading.storage import (
    NO_DEFINITION,
    Stretch,
    connection,
    definition_of,
)


class McapStorage:
    """A `Storage` over an MCAP file.

    Args:
        path: of the file.
        account: gets what is wrong with it.
        name: what the user calls it, where that is another path.

    Attributes:
        index: its schemas and channels, as they are.

    Raises:
        BagError: if the system does not give the file.
    """

    def __init__(self, path: Path, account: Account, name: Path | None = None) -> None:
        self.path = name or path
        self._account = account
        try:
            self._file: BinaryIO = path.open("rb")
            size = self._file.seek(0, os.SEEK_END)
            summary = index_from_summary(self._file, size)
            self.index = summary or Scan(self._file, size, self.path, account).index
        except OSError as error:
            raise BagError(cannot_open(self.path, error)) from error
        self.connections = [
            _connection(channel, self.index) for _, channel in sorted(self.index.channels.items())
        ]
        if lost := self.index.counts.total() - sum(c.msgcount for c in self.connections):
            account.fault(f"{self.path}: messages without a topic are left out ({lost})")

    @property
    def span(self) -> Stretch | None:
        """See `Storage`."""
        blocks = self.index.blocks
        if not self.index.counts.total() or not blocks:
            return None
        return min(block.start_ns for block in blocks), max(block.end_ns for block in blocks)

    def messages(
        self, channels: Collection[int], start_ns: int | None = None, stop_ns: int | None = None
    ) -> Iterator[Read]:
        """See `Storage`. Blocks that are damaged are left out, and the account says so."""
        wanted = frozenset(channels)
        if not wanted:
            return iter(())

        def inside(time_ns: int) -> bool:
            return (start_ns is None or time_ns >= start_ns) and (stop_ns is None or time_ns < stop_ns)

        def of_block(block: Block) -> Iterator[Read]:
            found = [read for read in self._read(block) if read.channel in wanted and inside(read.time_ns)]
            yield from sorted(found, key=lambda read: read.time_ns)

        return merged(
            (block.start_ns, of_block(block))
            for block in self.index.blocks
            if (block.channels is None or not wanted.isdisjoint(block.channels))
            and (start_ns is None or block.end_ns >= start_ns)
            and (stop_ns is None or block.start_ns < stop_ns)
        )

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """See `Storage`. Only blocks that are long enough to hold a gap are looked into."""
        found: list[Stretch] = []
        for block in self.index.blocks:
            if block.end_ns - block.start_ns <= longest_gap_ns:
                found.append((block.start_ns, block.end_ns))
            else:
                found += [(read.time_ns, read.time_ns) for read in self._read(block)]
        return found

    def close(self) -> None:
        """See `Storage`."""
        self._file.close()

    def records(self) -> Iterator[bytes]:
        """Yield the message records as they are, in the order of the file."""
        for block in self.index.blocks:
            yield from self._records(block)

    def _read(self, block: Block) -> list[Read]:
        return [message(record) for record in self._records(block)]

    def _records(self, block: Block) -> list[bytes]:
        """Return the message records of a block in the order of the file."""
        try:
            self._file.seek(block.offset)
            content = self._file.read(block.length)
            if block.chunk:
                content = unpack_chunk(content, whole=block.whole)
            found = [record for opcode, record in records(content) if opcode == Opcode.MESSAGE]
            return [record for record in found if message_head(record)]
        except (DamageError, OSError) as error:
            self._account.damage(
                self.path,
                f"is damaged at byte {block.offset}: {error}; {block.length} bytes of messages are left out",
            )
            return []


def _connection(channel: Channel, index: Index) -> Connection:
    schema = index.schemas.get(channel.schema_id)
    text = schema.data.decode(errors="replace") if schema else ""
    return connection(
        channel.id,
        channel.topic,
        schema.name if schema else "",
        index.counts[channel.id],
        serialization=channel.message_encoding,
        definition=definition_of(schema.encoding, text) if schema else NO_DEFINITION,
        digest=channel.metadata.get("topic_type_hash", ""),
        profiles=parse_profiles(channel.metadata.get("offered_qos_profiles")),
    )
