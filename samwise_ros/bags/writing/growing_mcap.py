"""An MCAP file that is complete at every moment: what is on the disk can be read, whatever happens next.

An MCAP file ends with a summary, and without it most readers refuse it. So every flush writes new messages
over the old summary together with a new one, in one write: a process that is killed leaves a whole file. A
power cut in the middle of that write can tear it; then everything flushed before is found by going through
the file.
"""

from __future__ import annotations

import errno
import os
import threading
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import zstandard
from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    Chunk,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Message,
    MessageIndex,
    Schema,
    Statistics,
    SummaryOffset,
)

from samwise_ros.bags.reading.kinds import MCAP_MAGIC
from samwise_ros.bags.span import Span
from samwise_ros.bags.writing.overwriting import overwrite
from samwise_ros.bags.writing.writing_mark import mark

#: In memory at most; more is flushed at once. As one chunk, so that the index of hours of images stays small.
PENDING_BYTES = 16 << 20
#: What a message needs besides its data.
_MESSAGE_HEAD = 31


@dataclass
class _Pending:
    """What the file does not hold yet."""

    descriptions: list[McapRecord] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    size: int = 0


class GrowingMcap:
    """Writes an MCAP file for ROS 2. May be flushed by another thread than the one that adds messages.

    Args:
        path: of the file; there must be nothing by that name.
        compress: zstd, a chunk at a time.

    Attributes:
        counts: messages by channel that the file holds. Those that wait for the next flush do not count.
        span: their times.

    Raises:
        OSError: if the file cannot be made. The other methods raise it if the disk is full or fails; the file
            then ends with the last message that could be written, and is whole.
    """

    def __init__(self, path: Path, *, compress: bool = False) -> None:
        self.counts: Counter[int] = Counter()
        self.span = Span()
        self._compress = compress
        self._schemas: list[Schema] = []
        self._channels: list[Channel] = []
        #: What the file holds already: schemas and channels, and the index of its chunks.
        self._described: list[McapRecord] = []
        self._chunks, self._chunk_count = bytearray(), 0
        self._pending = _Pending()
        self._adding, self._flushing = threading.Lock(), threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        self._end, self._tail = 0, b""
        try:
            # Without a version of the library: the same input makes the same file.
            mark(self._file)
            self._append(MCAP_MAGIC + _bytes(Header(profile="ros2", library="samwise_ros")))
            os.fsync(self._file)
        except BaseException:
            os.close(self._file)
            path.unlink(missing_ok=True)
            raise

    @property
    def channels(self) -> frozenset[int]:
        """The channels that the file describes. A new one waits for the next flush."""
        return frozenset(record.id for record in self._described if isinstance(record, Channel))

    @property
    def message_count(self) -> int:
        """How many messages the file holds."""
        return sum(self.counts.values())

    def add_schema(self, name: str, encoding: str, data: bytes) -> int:
        """Describe a type of messages, once for all of its topics, and return the number of the schema."""
        with self._adding:
            for schema in self._schemas:
                if (schema.name, schema.encoding, schema.data) == (name, encoding, data):
                    return schema.id
            # 0 means that there is no schema.
            schema = Schema(id=len(self._schemas) + 1, name=name, encoding=encoding, data=data)
            self._schemas.append(schema)
            self._pending.descriptions.append(schema)
            return schema.id

    def add_channel(self, topic: str, schema: int, encoding: str, metadata: Mapping[str, str]) -> int:
        """Describe a topic, and return the number of its channel."""
        with self._adding:
            number = len(self._channels) + 1
            channel = Channel(
                id=number, topic=topic, message_encoding=encoding, metadata=dict(metadata), schema_id=schema
            )
            self._channels.append(channel)
            self._pending.descriptions.append(channel)
            return number

    def write(
        self, channel: int, time_ns: int, data: bytes, *, sequence: int = 0, published_ns: int | None = None
    ) -> None:
        """Add a message. It is in the file after the next flush.

        Args:
            channel: number of its topic.
            time_ns: of the recording, nanoseconds since the epoch.
            data: serialised.
            sequence: its number in the topic, where that is known.
            published_ns: when it was sent, where that is known.
        """
        published = time_ns if published_ns is None else published_ns
        message = Message(
            channel_id=channel, log_time=time_ns, publish_time=published, sequence=sequence, data=data
        )
        with self._adding:
            self._pending.messages.append(message)
            self._pending.size += len(data) + _MESSAGE_HEAD
            full = self._pending.size >= PENDING_BYTES
        if full:
            self.flush()

    def flush(self, *, durable: bool = False) -> None:
        """Have everything added so far in the file.

        Args:
            durable: wait until the disk has it, too.
        """
        with self._flushing:
            with self._adding:
                pending, self._pending = self._pending, _Pending()
            if pending.descriptions:
                self._append_descriptions(pending.descriptions)
            self._append_messages(pending.messages)
            if durable and (pending.descriptions or pending.messages):
                os.fsync(self._file)
            if os.fstat(self._file).st_nlink == 0:
                raise FileNotFoundError(errno.ENOENT, "it was deleted while it was being written")

    def close(self) -> None:
        """Flush and close. The file is closed, and whole, even where an error is raised."""
        try:
            self.flush(durable=True)
        finally:
            os.close(self._file)

    def _append_descriptions(self, descriptions: list[McapRecord]) -> None:
        before = len(self._described)
        self._described += descriptions
        try:
            self._append(b"".join(map(_bytes, descriptions)))
        except OSError:
            del self._described[before:]
            raise

    def _append_messages(self, messages: list[Message]) -> None:
        """Append messages; where there is no room for all, as many of them as there is room for."""
        failure: OSError | None = None
        step = len(messages)
        while messages and step:
            try:
                self._append_chunk(messages[:step])
                del messages[:step]
            except OSError as error:
                failure = error
                step //= 2
        if messages and failure is not None:
            raise failure

    def _append_chunk(self, messages: list[Message]) -> None:
        content = RecordBuilder()
        index: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for message in messages:
            index[message.channel_id].append((message.log_time, content.count))
            message.write(content)
        raw = bytes(content.end())
        start, end = (pick(m.log_time for m in messages) for pick in (min, max))
        data = zstandard.ZstdCompressor().compress(raw) if self._compress else raw
        compression = "zstd" if self._compress else ""
        new = bytearray(
            _bytes(
                Chunk(
                    compression=compression,
                    data=data,
                    message_start_time=start,
                    message_end_time=end,
                    uncompressed_crc=zlib.crc32(raw),
                    uncompressed_size=len(raw),
                )
            )
        )
        length, offsets = len(new), {}
        for channel, entries in index.items():
            offsets[channel] = self._end + len(new)
            new += _bytes(MessageIndex(channel_id=channel, records=entries))
        entry = _bytes(
            ChunkIndex(
                chunk_length=length,
                chunk_start_offset=self._end,
                compression=compression,
                compressed_size=len(data),
                message_start_time=start,
                message_end_time=end,
                message_index_length=len(new) - length,
                message_index_offsets=offsets,
                uncompressed_size=len(raw),
            )
        )
        before = self.counts, self.span, len(self._chunks)
        self.span = self.span.with_times(start, end, first=not self.message_count)
        self.counts = self.counts + Counter({channel: len(entries) for channel, entries in index.items()})
        self._chunks += entry
        self._chunk_count += 1
        try:
            self._append(bytes(new))
        except OSError:
            self.counts, self.span, length = before
            del self._chunks[length:]
            self._chunk_count -= 1
            raise

    def _append(self, data: bytes) -> None:
        """Write data, and the end of the file that belongs to it, over the old end."""
        tail = self._summary(self._end + len(data))
        overwrite(self._file, self._end, data + tail, self._tail)
        self._end, self._tail = self._end + len(data), tail

    def _summary(self, position: int) -> bytes:
        """Return the end of a file whose data ends at `position`."""
        schemas = [record for record in self._described if isinstance(record, Schema)]
        channels = [record for record in self._described if isinstance(record, Channel)]
        counts = {channel.id: self.counts[channel.id] for channel in channels}
        statistics = Statistics(
            attachment_count=0,
            channel_count=len(channels),
            channel_message_counts=counts,
            chunk_count=self._chunk_count,
            message_count=sum(counts.values()),
            message_start_time=self.span.start_ns,
            message_end_time=self.span.end_ns,
            metadata_count=0,
            schema_count=len(schemas),
        )
        groups = (
            (Opcode.SCHEMA, b"".join(map(_bytes, schemas))),
            (Opcode.CHANNEL, b"".join(map(_bytes, channels))),
            (Opcode.STATISTICS, _bytes(statistics)),
            (Opcode.CHUNK_INDEX, bytes(self._chunks)),
        )
        data_end = _bytes(DataEnd(data_section_crc=0))
        start = place = position + len(data_end)
        offsets = b""
        for opcode, group in groups:
            if group:
                offsets += _bytes(
                    SummaryOffset(group_opcode=opcode, group_start=place, group_length=len(group))
                )
            place += len(group)
        summary = b"".join(group for _, group in groups) + offsets
        footer = _bytes(Footer(summary_start=start, summary_offset_start=place, summary_crc=0))
        # The checksum covers the footer up to itself.
        crc = zlib.crc32(summary + footer[:-4])
        return data_end + summary + footer[:-4] + crc.to_bytes(4, "little") + MCAP_MAGIC


def _bytes(record: McapRecord) -> bytes:
    builder = RecordBuilder()
    record.write(builder)
    return bytes(builder.end())
