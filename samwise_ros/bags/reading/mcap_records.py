"""MCAP records from files that may end, or go wrong, anywhere."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

import lz4.frame  # type: ignore[import-untyped]
import zstandard
from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode

from samwise_ros.bags.reading.kinds import MCAP_MAGIC
from samwise_ros.bags.reading.ordering import Read
from samwise_ros.errors import SamwiseRosError

_HEAD = struct.Struct("<BQ")
_MESSAGE_HEAD = struct.Struct("<HIQQ")
_CHUNK_HEAD = struct.Struct("<QQQII")
_KNOWN = range(min(Opcode), 0x10)
# Those of applications' own; everything else that is not known is damage.
_PRIVATE = range(0x80, 0x100)
HEADER_SIZE = _HEAD.size
MESSAGE_HEAD_SIZE = _MESSAGE_HEAD.size
MAGIC_SIZE = len(MCAP_MAGIC)

# Looks like the header of a record of less than 4 GiB; a lookahead, so that overlapping ones are found.
_HEADER_LIKE = re.compile(rb"(?=[\x03-\x0f].{4}\x00{4})", re.DOTALL)
#: This many headers in a row cannot be a coincidence.
_IN_A_ROW = 3
_SEARCHED_AT_ONCE = 1 << 20
#: More than any recorder puts into a record.
_TOO_LONG = 1 << 40


class DamageError(SamwiseRosError):
    """Bytes that are not MCAP, with a text that says what is wrong with them."""


class Header(NamedTuple):
    """Where a record lies.

    Attributes:
        opcode: what it is.
        offset: of its content in the file or chunk.
        length: of its content in bytes.
    """

    opcode: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Offset of what follows."""
        return self.offset + self.length


class ChunkHead(NamedTuple):
    """A chunk, without its content. `data_offset` is from the beginning of the record."""

    start_ns: int
    end_ns: int
    size: int
    crc: int
    compression: str
    data_offset: int


def read_header(file: BinaryIO, offset: int) -> Header | None:
    """Read the header of the record at `offset`; None where the file ends within it.

    Raises:
        DamageError: if no record begins there.
    """
    file.seek(offset)
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    opcode, length = _HEAD.unpack(head)
    if (opcode not in _KNOWN and opcode not in _PRIVATE) or length > _TOO_LONG:
        raise DamageError(f"no record begins at byte {offset}")
    return Header(opcode, offset + _HEAD.size, length)


def find_record(file: BinaryIO, position: int, size: int) -> int | None:
    """Find where records begin again after damage; None where they do not.

    Args:
        file: to search.
        position: of the damage.
        size: of the file.
    """
    while position + HEADER_SIZE <= size:
        file.seek(position)
        window = file.read(_SEARCHED_AT_ONCE + HEADER_SIZE - 1)
        for match in _HEADER_LIKE.finditer(window):
            if _begins_records(file, position + match.start(), size):
                return position + match.start()
        position += _SEARCHED_AT_ONCE
    return None


def _begins_records(file: BinaryIO, position: int, size: int) -> bool:
    for _ in range(_IN_A_ROW):
        try:
            header = read_header(file, position)
        except DamageError:
            return False
        if header is None or header.end > size:
            return False
        if header.opcode == Opcode.FOOTER:
            return True
        position = header.end
    return True


def stream(content: bytes) -> ReadDataStream:
    """Wrap a record's content for the parsers of `mcap.records`."""
    return ReadDataStream(BytesIO(content))


def chunk_head(record: bytes) -> ChunkHead | None:
    """Read the beginning of a chunk; None where it is cut off before the content begins."""
    if len(record) < _CHUNK_HEAD.size:
        return None
    start_ns, end_ns, size, crc, length = _CHUNK_HEAD.unpack_from(record)
    data_offset = _CHUNK_HEAD.size + length + 8
    if len(record) < data_offset:
        return None
    compression = record[_CHUNK_HEAD.size : _CHUNK_HEAD.size + length].decode(errors="replace")
    return ChunkHead(start_ns, end_ns, size, crc, compression, data_offset)


def unpack_chunk(record: bytes, *, whole: bool) -> bytes:
    """Return the records in a chunk.

    Args:
        record: content of the chunk's record.
        whole: otherwise it is cut off, and what is left of it is returned.

    Raises:
        DamageError: if it cannot be unpacked, or its checksum is wrong.
    """
    head = chunk_head(record)
    if head is None:
        raise DamageError("a chunk breaks off in its head")
    packed = record[head.data_offset :]
    try:
        if head.compression == "zstd":
            data = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        elif head.compression == "lz4":
            data = lz4.frame.LZ4FrameDecompressor().decompress(packed)
        elif head.compression in ("", "none"):
            data = packed
        else:
            raise DamageError(f"a chunk is packed with {head.compression[:20]!r}, which MCAP does not know")
    except (zstandard.ZstdError, RuntimeError, EOFError) as error:
        raise DamageError(f"a chunk cannot be unpacked ({error})") from error
    if whole and len(data) != head.size:
        raise DamageError(f"a chunk of {head.size} bytes unpacks to {len(data)}")
    if whole and head.crc and zlib.crc32(data) != head.crc:
        raise DamageError("the checksum of a chunk is wrong")
    return bytes(data)


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield opcode and content of the records in a chunk; a last one that is cut off is left out.

    Raises:
        DamageError: if what lies there is not a record.
    """
    position = 0
    while len(data) - position >= _HEAD.size:
        opcode, length = _HEAD.unpack_from(data, position)
        if (opcode not in _KNOWN and opcode not in _PRIVATE) or length > _TOO_LONG:
            raise DamageError("something in a chunk is not a record")
        begin = position + _HEAD.size
        position = begin + length
        if position <= len(data):
            yield opcode, data[begin:position]


def message(content: bytes) -> Read:
    """Read a message record.

    Raises:
        DamageError: if it is shorter than its own head.
    """
    channel, _, time_ns, _ = message_head(content)
    return Read(time_ns, channel, content[_MESSAGE_HEAD.size :])


def message_head(content: bytes) -> tuple[int, int, int, int]:
    """Return channel, sequence number, log time and publish time of a message record.

    Raises:
        DamageError: if it is shorter than that.
    """
    if len(content) < MESSAGE_HEAD_SIZE:
        raise DamageError(f"a message record of {len(content)} bytes is too short")
    channel, sequence, time_ns, published_ns = _MESSAGE_HEAD.unpack_from(content)
    return channel, sequence, time_ns, published_ns
