"""Replaces the end of a file so that a full disk leaves it as it was."""

from __future__ import annotations

import os
from contextlib import suppress


def overwrite(file: int, offset: int, new: bytes, old: bytes) -> None:
    """Replace the end of a file, or leave it as it was.

    Args:
        file: descriptor, open for writing.
        offset: where the end begins.
        new: what it is to be.
        old: what it is. Its place on the disk is taken already, so putting it back needs no room.

    Raises:
        OSError: if there is no room, or the disk fails.
    """
    try:
        _write(file, offset, new)
        os.ftruncate(file, offset + len(new))
    except OSError:
        with suppress(OSError):
            _write(file, offset, old)
            os.ftruncate(file, offset + len(old))
        raise


def _write(file: int, offset: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(file, rest, offset)
        rest, offset = rest[written:], offset + written
