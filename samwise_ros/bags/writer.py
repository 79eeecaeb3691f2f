"""Writes rosbag2 recordings: a single .mcap file, or a directory with metadata."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from rosbags.interfaces import Connection, Qos
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer
from rosbags.typesys.store import Typestore

from samwise_ros.bags.errors import BagError


class BagWriter:
    """Writes MCAP. The recording appears under its name when it is complete, never half written.

    Args:
        path: ending in .mcap: that one file. Otherwise a rosbag2 directory with metadata.yaml and one .mcap
            file in it.
        types: definitions of the types that will be written.
        compress: zstd in chunks of a megabyte: masks shrink to almost nothing, JPEG does not.
        overwrite: replace what is there. Otherwise that is an error.
    """

    def __init__(
        self, path: Path, types: Typestore, *, compress: bool = False, overwrite: bool = False
    ) -> None:
        if path.exists() and not overwrite:
            raise BagError(f"{path} exists already; choose another name, remove it, or give --overwrite")
        self._path, self._types = path, types
        self._cleanup = ExitStack()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Beside the target, because only then is taking its name one atomic step.
            scratch = tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
        except OSError as error:
            raise BagError(f"cannot write {path}: {error.strerror}; choose another folder") from error
        self._scratch = Path(self._cleanup.enter_context(scratch))
        self._writer = Writer(self._scratch / path.stem, version=9, storage_plugin=StoragePlugin.MCAP)
        if compress:
            self._writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
        self._writer.open()

    def add_topic(self, topic: str, msgtype: str, qos: Sequence[Qos] = ()) -> Connection:
        """Announce a topic. Its type must be in the store that the constructor got."""
        return self._writer.add_connection(
            topic, msgtype, typestore=self._types, offered_qos_profiles=list(qos)
        )

    def write(self, connection: Connection, stamp_ns: int, message: object) -> None:
        """Append a message: an instance of the type in the store, or the CDR bytes of one.

        Args:
            connection: what `add_topic` returned.
            stamp_ns: time of the recording, in nanoseconds since the epoch.
            message: to be written.
        """
        if not isinstance(message, bytes | memoryview):
            message = self._types.serialize_cdr(message, connection.msgtype)
        self._writer.write(connection, stamp_ns, message)

    def close(self) -> None:
        """Complete the recording and give it its name."""
        with self._cleanup:
            self._writer.close()
            written = self._scratch / self._path.stem
            if self._path.is_dir():
                shutil.rmtree(self._path)
            if self._path.suffix == ".mcap":
                (written / f"{self._path.stem}.mcap").replace(self._path)
            else:
                self._path.unlink(missing_ok=True)
                written.replace(self._path)

    def discard(self) -> None:
        """Give up: leave nothing behind."""
        with self._cleanup:
            self._writer.abort()

    def __enter__(self) -> BagWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()
