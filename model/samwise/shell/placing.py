"""Results take their place whole, and only a place that is free or an earlier result of ours.

One rule for everything that writes: a result is built beside its place and takes it in one step, once it is
complete and closed. What is there already is replaced only if it is an earlier result: a folder whose files
are all in the list that we left in it, or a file that says so itself. Anything else is refused, naming what
is in the way.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from samwise.errors import SamwiseError

#: In every folder of results: which command made it, and the names of all files in it.
MANIFEST = "made_by.json"
SHOWN = 5
#: What a disk without room says.
FULL = (errno.ENOSPC, errno.EDQUOT)

Check = Callable[[Path], Sequence[str]]
"""Given a place, returns the names of what is there and not ours; empty: all of it may be replaced."""


class OutputError(SamwiseError):
    """A place that cannot be written to, or that holds something we did not make."""


def foreign_in_folder(folder: Path, made_by: str) -> list[str]:
    """Return the names of the files in a folder that are in no manifest of an earlier result of a command."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        known = set(manifest["files"]) if manifest["made_by"] == made_by else set()
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    return [name for name in _files_in(folder) if name not in known]


def check_place(place: Path, foreign: Check, *, overwrite: bool) -> None:
    """Make sure that a result may take a place, before any work is done.

    Args:
        place: of the file or folder.
        foreign: names of what is there and not ours.
        overwrite: whether an earlier result of ours may be replaced.

    Raises:
        OutputError: if it may not; the message names what is in the way.
    """
    with _writing(place):
        if place.is_symlink() and not place.exists():
            raise OutputError(f"{place} is a link to nothing; remove it or choose another name")
        if not place.exists() or _takes_all(place) or (place.is_dir() and not any(place.iterdir())):
            return
        names = foreign(place)
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise OutputError(
            f"{place} holds what this tool did not make ({', '.join(names[:SHOWN])}{more}) and is left as it "
            "is; choose another name, or move that away"
        )
    if not overwrite:
        raise OutputError(
            f"{place} exists already, an earlier result; choose another name or give --overwrite"
        )


@contextmanager
def output_file(place: Path, foreign: Check, *, overwrite: bool = False) -> Iterator[Path]:
    """Yield the path to write a file to; it takes its place when the block ends without an exception.

    Args:
        place: where the file belongs.
        foreign: see `check_place`; called if there is something already.
        overwrite: whether an earlier result of ours may be replaced.

    Raises:
        OutputError: if the place is taken, or cannot be written to.
    """
    with _writing(place):
        if place.is_dir():
            raise OutputError(f"{place} is a folder; name a file in it")
    check_place(place, foreign, overwrite=overwrite)
    if _takes_all(place):
        with _writing(place), TemporaryDirectory() as folder:
            # Not the device itself: some writers replace the path that they are given with a new file.
            made = Path(folder, place.name)
            made.touch()
            yield made
            with made.open("rb") as content, place.open("wb") as way_out:
                shutil.copyfileobj(content, way_out)
        return
    # A link stays a link: what it points to is replaced.
    target = place.resolve()
    made = beside(target)
    with _writing(place):
        target.parent.mkdir(parents=True, exist_ok=True)
        made.touch(exist_ok=False)
        try:
            yield made
            _flush(made)
            made.replace(target)
        finally:
            made.unlink(missing_ok=True)


def check_apart(source: Path, place: Path) -> None:
    """Make sure that the source is not part of the earlier result that is about to be replaced.

    Args:
        source: file or folder to be read.
        place: of the results.

    Raises:
        OutputError: if the source is, or lies in, that place.
    """
    if source.exists() and place.resolve() in (source.resolve(), *source.resolve().parents):
        raise OutputError(f"{place} holds what is to be read, {source}; choose another name")


class OutputFolder:
    """A folder of results that appears whole.

    Use as a context manager; write into `path`. When the block ends without an exception, or after `keep`,
    the folder takes its place. Otherwise what was written is removed.

    Args:
        place: where the folder belongs.
        made_by: the command, for the manifest.
        overwrite: whether an earlier result of this command may be replaced.

    Attributes:
        path: the folder to write into, beside its place.

    Raises:
        OutputError: if the place is taken, or cannot be written to.
    """

    def __init__(self, place: Path, made_by: str, *, overwrite: bool = False) -> None:
        with _writing(place):
            if place.exists() and not place.is_dir():
                raise OutputError(f"{place} is a file; choose the name of a folder")
        check_place(place, lambda folder: foreign_in_folder(folder, made_by), overwrite=overwrite)
        self._made_by, self._overwrite, self._kept = made_by, overwrite, False
        # A link stays a link: the folder that it points to is replaced.
        self._place = place.resolve() if place.is_symlink() else place
        self.path = self._place / "partial" if _stays(self._place) else beside(self._place)
        with _writing(place):
            self.path.mkdir(parents=True)

    def keep(self) -> None:
        """Take the place even if an exception ends the block: what was done so far is worth having."""
        self._kept = True

    def __enter__(self) -> OutputFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not self._kept:
            shutil.rmtree(self.path, ignore_errors=True)
            return
        with _writing(self._place):
            manifest = {"made_by": self._made_by, "files": [*_files_in(self.path), MANIFEST]}
            (self.path / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
            inside = self.path.parent == self._place
            # Something may have been put there since.
            check_place(self._place, self._foreign, overwrite=self._overwrite or inside)
            if inside:
                self._move_up()
            else:
                take_place(self.path, self._place)

    def _foreign(self, folder: Path) -> list[str]:
        """What is in the way at the end; in a folder that cannot be swapped, the new result itself is not."""
        new = f"{self.path.relative_to(folder)}/" if self.path.parent == folder else None
        names = foreign_in_folder(folder, self._made_by)
        return [name for name in names if new is None or not name.startswith(new)]

    def _move_up(self) -> None:
        for old in self._place.iterdir():
            if old != self.path:
                shutil.rmtree(old) if _is_folder(old) else old.unlink()
        for new in self.path.iterdir():
            new.rename(self._place / new.name)
        self.path.rmdir()


def take_place(made: Path, place: Path) -> None:
    """Move a complete folder or file to its place. What was there is removed only once the new one is in."""
    if not place.is_dir() and not made.is_dir():
        made.replace(place)
        return
    old = None
    if place.exists():
        old = beside(place, "old")
        place.rename(old)
    try:
        made.rename(place)
    except OSError:
        if old is not None:
            old.rename(place)
        raise
    if old is not None:
        shutil.rmtree(old) if old.is_dir() else old.unlink()


def beside(place: Path, what: str = "partial") -> Path:
    """Return a free name in the same folder, so that taking the place is one step of the file system.

    The name is not hidden: after a power cut it may be all that is left.
    """
    place = Path(os.path.abspath(place))
    number = 0
    while True:
        mark = what if number == 0 else f"{what}-{number}"
        free = place.with_name(f"{place.stem}.{mark}{place.suffix}")
        if not os.path.lexists(free):
            return free
        number += 1


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        remedy = "make room, or choose another place" if error.errno in FULL else "choose another place"
        raise OutputError(f"cannot write {place}: {error.strerror or error}; {remedy}") from error


def _flush(path: Path) -> None:
    """Force the file to disk before its name says that it is complete."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _takes_all(place: Path) -> bool:
    """Whether it is not a file but a sink such as /dev/stdout: writing there replaces nothing."""
    return place.is_char_device() or place.is_fifo()


def _stays(folder: Path) -> bool:
    """Whether a folder cannot be swapped as a whole: a mount point, or the current folder of a process."""
    if not folder.is_dir():
        return False
    here = folder.resolve()
    in_use = here == Path.cwd() or here in Path.cwd().parents
    return in_use or os.path.ismount(here) or not os.access(here.parent, os.W_OK)


def _files_in(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not _is_folder(p))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
