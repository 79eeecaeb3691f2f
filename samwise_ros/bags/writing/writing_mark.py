"""Shows other processes that a file is being written, for exactly as long as it is."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path


def mark(file: int) -> None:
    """Mark an open file, until it is closed or the process has ended, in whatever way.

    Args:
        file: descriptor.
    """
    # Some network disks know no locks: there it has to do without.
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_being_written(path: Path) -> bool:
    """Whether somebody has marked a file; False where it cannot be told."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
