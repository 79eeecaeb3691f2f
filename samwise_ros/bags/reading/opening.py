"""From files to open storages, whatever they are packed with."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import zstandard

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.kinds import Kind, kind_of
from samwise_ros.bags.reading.mcap_storage import McapStorage
from samwise_ros.bags.reading.sqlite_storage import SqliteStorage
from samwise_ros.bags.reading.storage import Storage

_AT_ONCE = 1 << 20


def open_storages(files: Sequence[Path], account: Account, cleanup: ExitStack) -> list[Storage]:
    """Open the files of a recording. One that cannot be read is told and left out, while there are others.

    Args:
        files: MCAP or SQLite, perhaps packed with zstd.
        account: gets what is wrong with them.
        cleanup: closes them.

    Raises:
        BagError: if none of them can be read.
    """
    storages: list[Storage] = []
    errors: list[BagError] = []
    for file in files:
        try:
            storage = _open(file, account, cleanup)
        except BagError as error:
            errors.append(error)
            continue
        cleanup.callback(storage.close)
        storages.append(storage)
    if errors and not storages:
        raise errors[0]
    for lost in errors:
        account.fault(f"{lost}; the other files are played")
    return storages


def _open(file: Path, account: Account, cleanup: ExitStack) -> Storage:
    kind, path = kind_of(file), file
    if kind is Kind.ZSTD:
        path = _unpacked(file, account, cleanup)
        kind = kind_of(path, name=file)
    if kind is Kind.MCAP:
        return McapStorage(path, account, name=file)
    if kind is Kind.SQLITE:
        return SqliteStorage(path, account, name=file)
    raise BagError(f"{file} is packed with zstd twice; unpack it once with `unzstd`")


def _unpacked(file: Path, account: Account, cleanup: ExitStack) -> Path:
    try:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="samwise_bag_")))
        target = folder / (file.stem if file.suffix in (".zstd", ".zst") else file.name)
        with file.open("rb") as packed, target.open("wb") as unpacked:
            whole = _unpack(packed, unpacked)
    except OSError as error:
        raise BagError(
            f"cannot unpack {file}: {error.strerror}; let TMPDIR name a folder with room for it"
        ) from error
    if not whole and not target.stat().st_size:
        raise BagError(f"{file} is damaged: nothing of it can be unpacked; copy it again")
    if not whole:
        account.fault(f"{file} breaks off or is damaged; what comes before is played")
    return target


def _unpack(packed: BinaryIO, unpacked: BinaryIO) -> bool:
    """Unpack as far as possible. Returns whether that was to the end."""
    frame = None
    while content := packed.read(_AT_ONCE):
        while content:
            if frame is None or frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            try:
                unpacked.write(frame.decompress(content))
            except zstandard.ZstdError:
                return False
            content = frame.unused_data if frame.eof else b""
    return frame is None or frame.eof
