"""Time stamps as nanoseconds, and inside serialised messages."""

from __future__ import annotations

import struct
from typing import Protocol

NANOSECONDS = 1_000_000_000

# CDR: four bytes of encapsulation, the second of which tells the byte order; then header.stamp comes first.
_STAMP_OFFSET = 4
_STAMP_END = _STAMP_OFFSET + 8
#: Bytes that a message with a stamp has at least.
STAMPED = _STAMP_END


class Stamp(Protocol):
    """builtin_interfaces/Time, of rclpy or of rosbags."""

    @property
    def sec(self) -> int:
        """Whole seconds since the epoch."""

    @property
    def nanosec(self) -> int:
        """The rest, 0 to 999999999."""


def nanoseconds(stamp: Stamp) -> int:
    """Return a stamp in nanoseconds since the epoch."""
    return int(stamp.sec) * NANOSECONDS + int(stamp.nanosec)


def read_stamp(cdr: bytes) -> int:
    """Return header.stamp of a serialised message that begins with a header, in nanoseconds."""
    sec, nanosec = struct.unpack_from(_byte_order(cdr) + "iI", cdr, _STAMP_OFFSET)
    return int(sec) * NANOSECONDS + int(nanosec)


def shift_stamp(cdr: bytes, offset_ns: int) -> bytes:
    """Return the same serialised message with `offset_ns` added to its header.stamp."""
    stamp = struct.pack(_byte_order(cdr) + "iI", *divmod(read_stamp(cdr) + offset_ns, NANOSECONDS))
    return b"".join((cdr[:_STAMP_OFFSET], stamp, cdr[_STAMP_END:]))


def _byte_order(cdr: bytes) -> str:
    return "<" if cdr[1] & 1 else ">"
