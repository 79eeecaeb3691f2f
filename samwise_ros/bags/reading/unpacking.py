"""Messages that a recorder packed one by one."""

from __future__ import annotations

import zstandard

from samwise_ros.bags.reading.kinds import ZSTD_MAGIC


def unpacked(data: bytes) -> bytes:
    """Return a message without zstd around it; as it is where there is none, or where it is damaged.

    Serialised messages never begin like zstd, so that nobody needs to say how the recorder was set.
    """
    if not data.startswith(ZSTD_MAGIC):
        return data
    packed = zstandard.ZstdDecompressor().decompressobj()
    try:
        content = packed.decompress(data)
    except zstandard.ZstdError:
        return data
    # What was cut off comes out cut off, without an error.
    return content if packed.eof else data
