"""Where a bag goes: what may be replaced, and where it is written until then."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from io import BytesIO
from pathlib import Path, PurePath

import yaml
from mcap.exceptions import McapError
from mcap.records import Header
from mcap.stream_reader import StreamReader

from samwise.shell.placing import OutputError, beside, check_place, take_place
from samwise_ros.bags.reading.kinds import SQLITE_MAGIC, ZSTD_MAGIC
from samwise_ros.bags.writing.bag_metadata import INFORMATION
from samwise_ros.bags.writing.bag_metadata import NAME as METADATA
from samwise_ros.bags.writing.writing_mark import is_being_written

#: What SQLite leaves beside a database whose recorder was killed.
_SQLITE_LOGS = ("-wal", "-shm", "-journal")
_HEAD_BYTES = 4096


def foreign_in_bag(place: Path) -> list[str]:
    """Return the names of what is at a place and not part of a bag; none: all of it is one bag.

    A bag is a storage file of rosbag2, or a folder with its metadata.yaml and the storage files that this
    lists. Content decides, names do not: a bag that somebody else keeps beside them is foreign, too.
    """
    if not place.is_dir():
        return [] if _is_storage(place) else [place.name]
    files = _listed_files(place / METADATA)
    ours = {METADATA, f"{METADATA}.tmp"} if files else set()
    for name in files:
        if _is_storage(place / name):
            ours |= {name, *(name + log for log in _SQLITE_LOGS)}
    return sorted(entry.name for entry in place.iterdir() if entry.name not in ours or not entry.is_file())


class BagPlace:
    """The place of a bag that is being written.

    Args:
        path: ending in .mcap: that one file; any other name: a folder.
        overwrite: whether a bag that is there may be replaced, once the new one is whole.
        grows: the bag has its own name from the start where that is free. Otherwise, and where a bag is to be
            replaced, it is written beside its place, under a name that anyone can see.

    Attributes:
        made: what is written to: a file or a folder.
        storage: the MCAP file, which is `made` or in it.

    Raises:
        OutputError: if something else is there, or somebody writes to the bag that is.
    """

    def __init__(self, path: Path, *, overwrite: bool, grows: bool = False) -> None:
        self._path, self._overwrite = path, overwrite
        self.is_file = path.suffix == ".mcap"
        # What a link points to is replaced, not the link.
        self._target = Path(os.path.realpath(path))
        try:
            self._check()
            self._check_exchangeable()
            self._found = _identity(self._target)
            free = self._found is None or (not self.is_file and self._is_empty_folder())
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}; choose another place") from error
        self.made = self._target if grows and free else beside(self._target)
        self.storage = self.made if self.is_file else self.made / f"{self._target.name}.mcap"

    def prepare(self) -> None:
        """Make the folders that are needed.

        Raises:
            OSError: if they cannot be made.
        """
        self.made.parent.mkdir(parents=True, exist_ok=True)
        if not self.is_file:
            self.made.mkdir(exist_ok=self.made == self._target)

    def take(self) -> None:
        """Have the bag, which is whole and closed, take its name.

        Raises:
            OutputError: if somebody else has put something there in the meantime.
            OSError: if the file system refuses.
        """
        if self.made != self._target:
            self._check()
            if _identity(self._target) not in (None, self._found) and not self._is_empty_folder():
                raise OutputError(f"somebody else has just written a new bag {self._path}, which stays")
            take_place(self.made, self._target)
        # A name is on the disk when its folder is.
        with suppress(OSError):
            folder = os.open(self._target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def remove(self) -> None:
        """Take away what was written."""
        if self.is_file:
            self.made.unlink(missing_ok=True)
        else:
            shutil.rmtree(self.made, ignore_errors=True)

    def remove_empty(self) -> None:
        """Take away the folder that `prepare` made, where there is nothing in it, of nobody."""
        with suppress(OSError):
            self.made.rmdir()

    def _check(self) -> None:
        if self._target.exists() and not (self._target.is_dir() or self._target.is_file()):
            raise OutputError(
                f"{self._path} is a device or a pipe, where no bag can be; name a file or folder"
            )
        files = self._target.glob("*.mcap") if self._target.is_dir() else [self._target]
        if any(map(is_being_written, files)):
            raise OutputError(f"{self._path} is being written by another process; choose another name")
        check_place(self._path, foreign_in_bag, overwrite=self._overwrite)

    def _is_empty_folder(self) -> bool:
        return self._target.is_dir() and not any(self._target.iterdir())

    def _check_exchangeable(self) -> None:
        """Refuse, before the work, a folder that cannot be exchanged after it."""
        if not self._target.is_dir():
            return
        if os.path.ismount(self._target) or self._target in (Path.cwd(), *Path.cwd().parents):
            raise OutputError(
                f"{self._path} is a folder in use, a mounted disk or the current one, and cannot be made a "
                f"bag; name one in it, like {self._path / 'bag'}"
            )


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file or folder from all others that exist; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _listed_files(metadata: Path) -> list[str]:
    """Return the names of the storage files that a metadata.yaml lists; none if it is not one of rosbag2."""
    try:
        information = yaml.safe_load(metadata.read_text(encoding="utf-8"))[INFORMATION]
        # Old versions list them with the folder's name before.
        return [PurePath(name).name for name in information["relative_file_paths"]]
    except (OSError, ValueError, yaml.YAMLError, RecursionError, KeyError, TypeError):
        return []


def _is_storage(path: Path) -> bool:
    """Whether a file is one that rosbag2 keeps messages in."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    if head.startswith(SQLITE_MAGIC):
        return _has_messages(path)
    if head.startswith(ZSTD_MAGIC):
        return path.name.endswith((".mcap.zstd", ".db3.zstd"))
    return _begins_like_ros2(head)


def _begins_like_ros2(head: bytes) -> bool:
    try:
        record = next(iter(StreamReader(BytesIO(head)).records))
    except (McapError, StopIteration, ValueError, OSError):
        return False
    except Exception:  # The parser takes for granted that the bytes it wants are there.
        return False
    return isinstance(record, Header) and record.profile == "ros2"


def _has_messages(path: Path) -> bool:
    """Whether a database has the tables of rosbag2. A browser's history is a database as well."""
    try:
        # Immutable: looking must not merge a log, nor make files beside it.
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return False
    try:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        columns = {column[1] for column in database.execute("PRAGMA table_info(messages)")}
    except sqlite3.Error:
        return False
    finally:
        database.close()
    return {"topics", "messages"} <= names and {"topic_id", "timestamp", "data"} <= columns
