"""Which topics and which blocks of messages an MCAP file has: from its summary, or by going through it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mcap.opcode import Opcode
from mcap.records import Channel, ChunkIndex, Footer, Schema, Statistics

from samwise_ros.bags.reading.account import Account, repair_advice
from samwise_ros.bags.reading.kinds import MCAP_MAGIC
from samwise_ros.bags.reading.mcap_records import (
    HEADER_SIZE,
    MAGIC_SIZE,
    MESSAGE_HEAD_SIZE,
    DamageError,
    Header,
    find_record,
    message_head,
    read_header,
    records,
    stream,
    unpack_chunk,
)

#: Messages outside of chunks are taken together up to this many bytes, and then handled like a chunk.
RUN_BYTES = 1 << 20
_FOOTER_SIZE = HEADER_SIZE + 20 + MAGIC_SIZE


@dataclass
class Block:
    """A chunk, or a run of records that are in none.

    Attributes:
        offset: of the chunk's content, or of the first record of the run.
        length: in bytes.
        start_ns: time of the earliest message.
        end_ns: time of the latest.
        chunk: whether it is one.
        whole: otherwise the file ends within.
        channels: of the messages; None where the file does not tell without being read.
    """

    offset: int
    length: int
    start_ns: int
    end_ns: int
    chunk: bool
    whole: bool = True
    channels: set[int] | None = None


@dataclass
class Index:
    """Content of an MCAP file.

    Attributes:
        schemas: by id.
        channels: by id.
        counts: messages by channel.
        blocks: that hold messages, in the order of the file.
    """

    schemas: dict[int, Schema] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)

    def note(self, opcode: int, content: bytes) -> None:
        """Keep a schema or a channel, ignore everything else."""
        try:
            if opcode == Opcode.SCHEMA:
                schema = Schema.read(stream(content))
                self.schemas[schema.id] = schema
            elif opcode == Opcode.CHANNEL:
                channel = Channel.read(stream(content))
                self.channels[channel.id] = channel
        except Exception as error:  # The parser of mcap takes for granted that bytes are there and are UTF-8.
            raise DamageError(f"a description of a topic is damaged ({error})") from error


def index_of(file: BinaryIO, path: Path, account: Account) -> Index:
    """Find out what is in a file that begins like an MCAP file.

    Args:
        file: open for reading.
        path: for messages.
        account: gets what is wrong with the file.
    """
    size = file.seek(0, os.SEEK_END)
    return _from_summary(file, size) or _Scan(file, size, path, account).index


def _from_summary(file: BinaryIO, size: int) -> Index | None:
    """Read the index at the end; None where there is none that tells everything."""
    if size < MAGIC_SIZE + _FOOTER_SIZE:
        return None
    file.seek(size - _FOOTER_SIZE)
    tail = file.read()
    if tail[-MAGIC_SIZE:] != MCAP_MAGIC or tail[0] != Opcode.FOOTER:
        return None
    start = Footer.read(stream(tail[HEADER_SIZE:])).summary_start
    if not MAGIC_SIZE <= start < size:
        return None
    index, statistics, chunks = Index(), None, list[ChunkIndex]()
    try:
        for opcode, content in _records_between(file, start, size - _FOOTER_SIZE):
            index.note(opcode, content)
            if opcode == Opcode.CHUNK_INDEX:
                chunks.append(ChunkIndex.read(stream(content)))
            elif opcode == Opcode.STATISTICS:
                statistics = Statistics.read(stream(content))
    except Exception:  # As in `Index.note`; going through the file finds out what is wrong.
        return None
    if statistics is None or statistics.chunk_count != len(chunks):
        return None
    index.counts.update(statistics.channel_message_counts)
    index.blocks = [_block(chunk) for chunk in chunks if _holds_messages(chunk)]
    return index if _tells_everything(index, statistics, start) else None


def _block(chunk: ChunkIndex) -> Block:
    offset, length = chunk.chunk_start_offset + HEADER_SIZE, chunk.chunk_length - HEADER_SIZE
    return Block(
        offset,
        length,
        chunk.message_start_time,
        chunk.message_end_time,
        chunk=True,
        channels=set(chunk.message_index_offsets) or None,
    )


def _holds_messages(chunk: ChunkIndex) -> bool:
    return bool(chunk.message_start_time or chunk.message_end_time or chunk.message_index_offsets)


def _tells_everything(index: Index, statistics: Statistics, end: int) -> bool:
    """Whether the summary repeats all schemas and channels, and chunks are all there is."""
    return (
        statistics.message_count == index.counts.total()
        and (statistics.message_count == 0 or statistics.chunk_count > 0)
        and statistics.channel_count == len(index.channels)
        and all(channel.schema_id in (0, *index.schemas) for channel in index.channels.values())
        and all(channel in index.channels for channel in index.counts)
        and all(block.length > 0 and block.offset + block.length <= end for block in index.blocks)
    )


def _records_between(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    while start < end:
        header = read_header(file, start)
        if header is None or header.end > end:
            raise DamageError("the summary breaks off")
        yield header.opcode, file.read(header.length)
        start = header.end


class _Scan:
    """Goes through a file from its beginning, past what is damaged, to the end of what can be understood."""

    def __init__(self, file: BinaryIO, size: int, path: Path, account: Account) -> None:
        self.index = Index()
        self._file, self._size, self._path, self._account = file, size, path, account
        self._run: Block | None = None
        self._go(MAGIC_SIZE)

    def _go(self, position: int) -> None:
        while True:
            try:
                header = read_header(self._file, position)
            except DamageError:
                self._run = None
                found = find_record(self._file, position, self._size)
                if found is None:
                    self._garbage(position)
                    return
                self._damage(f"is damaged: {found - position} bytes from byte {position} on are left out")
                position = found
                continue
            if header is None or header.end > self._size:
                self._broken_off(header, position)
                return
            if header.opcode == Opcode.FOOTER:
                self._after(header.end)
                return
            try:
                self._take(header, position)
            except DamageError as damage:
                self._damage(f"is damaged at byte {position}: {damage}; what is in there is left out")
            position = header.end

    def _take(self, header: Header, position: int) -> None:
        if header.opcode == Opcode.MESSAGE:
            self._message(header, position)
            return
        self._run = None
        if header.opcode == Opcode.CHUNK:
            self._chunk(self._file.read(header.length), header, whole=True)
        elif header.opcode in (Opcode.SCHEMA, Opcode.CHANNEL):
            self.index.note(header.opcode, self._file.read(header.length))

    def _message(self, header: Header, position: int) -> None:
        channel, _, time_ns, _ = message_head(self._file.read(min(header.length, MESSAGE_HEAD_SIZE)))
        run = self._run
        if run is None or header.end - run.offset > RUN_BYTES:
            run = self._run = Block(position, 0, time_ns, time_ns, chunk=False, channels=set())
            self.index.blocks.append(run)
        run.length = header.end - run.offset
        assert run.channels is not None
        run.channels.add(channel)
        run.start_ns, run.end_ns = min(run.start_ns, time_ns), max(run.end_ns, time_ns)
        self.index.counts[channel] += 1

    def _chunk(self, record: bytes, header: Header, *, whole: bool) -> None:
        times: list[int] = []
        counts: Counter[int] = Counter()
        for opcode, content in records(unpack_chunk(record, whole=whole)):
            if opcode == Opcode.MESSAGE:
                channel, _, time_ns, _ = message_head(content)
                times.append(time_ns)
                counts[channel] += 1
            else:
                self.index.note(opcode, content)
        if times:
            self.index.counts.update(counts)
            self.index.blocks.append(
                Block(
                    header.offset,
                    len(record),
                    min(times),
                    max(times),
                    chunk=True,
                    whole=whole,
                    channels=set(counts),
                )
            )

    def _broken_off(self, header: Header | None, position: int) -> None:
        if header is not None and header.opcode == Opcode.CHUNK:
            with suppress(DamageError):
                self._chunk(self._file.read(), header, whole=False)
        if position == self._size:
            self._cut_off("has no end: the recorder was stopped before it could close the file")
        else:
            self._cut_off(f"ends in the middle of a record (byte {position} of {self._size})")

    def _garbage(self, position: int) -> None:
        self._file.seek(position)
        zeros = not self._file.read(self._size - position).strip(b"\x00")
        what = "ends in zeros, as after a power cut," if zeros else "cannot be understood"
        self._cut_off(f"{what} from byte {position} of {self._size} on")

    def _after(self, position: int) -> None:
        """Say what follows a footer, which ends a file."""
        self._file.seek(position)
        if self._file.read(MAGIC_SIZE) != MCAP_MAGIC:
            self._cut_off("ends in the middle of its last record")
        elif extra := self._size - position - MAGIC_SIZE:
            self._account.note(f"{self._path} is whole, but {extra} bytes follow its end; they are ignored")

    def _cut_off(self, what: str) -> None:
        count = self.index.counts.total()
        self._account.fault(f"{self._path} {what}: {count} messages can be read; {repair_advice(self._path)}")

    def _damage(self, what: str) -> None:
        self._account.damage(self._path, what)
