"""The index that an MCAP file has at its end, where it can be relied on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from mcap.opcode import Opcode
from mcap.records import ChunkIndex, Footer, Statistics

from samwise_ros.bags.reading.kinds import MCAP_MAGIC
from samwise_ros.bags.reading.mcap_index import Block, Index
from samwise_ros.bags.reading.mcap_records import (
    HEADER_SIZE,
    MAGIC_SIZE,
    DamageError,
    read_header,
    stream,
)

_FOOTER_SIZE = HEADER_SIZE + 20 + MAGIC_SIZE


def index_from_summary(file: BinaryIO, size: int) -> Index | None:
    """Read the index at the end of a file; None where there is none that tells everything.

    Args:
        file: open for reading.
        size: of it in bytes.
    """
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
    if statistics is None or statistics.chunk_count != len(chunks) or any(map(_may_hold_messages, chunks)):
        return None
    index.counts.update(statistics.channel_message_counts)
    index.extras = statistics.attachment_count + statistics.metadata_count
    index.blocks = [_block(chunk) for chunk in chunks if _holds_messages(chunk)]
    whole = _tells_everything(index, statistics, start) and _only_in_chunks(file, chunks, start)
    return index if whole else None


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


def _may_hold_messages(chunk: ChunkIndex) -> bool:
    """Whether only its content tells: times of 0 mean no messages at all, or messages of that time."""
    return chunk.uncompressed_size > 0 and not _holds_messages(chunk)


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


def _only_in_chunks(file: BinaryIO, chunks: Sequence[ChunkIndex], end: int) -> bool:
    """Whether no message is known to lie between the chunks. Only heads of records are read."""
    position = MAGIC_SIZE
    stretches = [(c.chunk_start_offset, c.chunk_length + c.message_index_length) for c in chunks]
    for start, length in [*sorted(stretches), (end, 0)]:
        while position < start:
            try:
                header = read_header(file, position)
            except DamageError:
                break  # The summary repeats what was there.
            if header is None or header.opcode in (Opcode.MESSAGE, Opcode.CHUNK):
                return False
            position = header.end
        position = start + length
    return True


def _records_between(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    while start < end:
        header = read_header(file, start)
        if header is None or header.end > end:
            raise DamageError("the summary breaks off")
        yield header.opcode, file.read(header.length)
        start = header.end
