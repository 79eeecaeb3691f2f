"""A folder of pictures as a source of frames, in the order of their numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from samwise.errors import FrameError
from samwise.video.frames import Account, Frame, Source
from samwise.video.natural_order import natural_key
from samwise.video.pictures import OTHER_PICTURES, PICTURES, pages, read_upright

FOLDER_RATE = 10.0
"""Frames per second of pictures, which do not tell."""

SHOWN = 3


def open_folder(path: Path) -> Source:
    """Open a folder of pictures. Hidden files are none of them (macOS puts one beside each picture).

    Raises:
        FrameError: if there are none, or it cannot be looked into.
    """
    try:
        found = [p for p in path.iterdir() if not p.name.startswith(".")]
    except OSError as error:
        raise FrameError(
            f"cannot look into {str(path)!r} ({error.strerror}); check its permissions"
        ) from error
    files = [p for p in found if p.suffix.lower() in PICTURES]
    files.sort(key=lambda p: (natural_key(p.stem), p.name))
    others = sorted(p.name for p in found if p.suffix.lower() in OTHER_PICTURES)
    if not files:
        raise FrameError(
            f"no pictures in {str(path)!r}; expected files ending in {', '.join(PICTURES)}"
            + (f", not {_listed(others)}: convert those" if others else "")
        )
    account = Account()
    if others:
        account.losses.append(
            f"{len(others)} pictures are of kinds that are not read and are left out: {_listed(others)}; "
            "convert them to PNG or JPEG"
        )
    return _source(path.resolve().name or "pictures", files, account)


def open_picture(path: Path) -> Source:
    """A single picture as a source of one frame."""
    return _source(path.stem, [path], Account())


def _source(name: str, files: Sequence[Path], account: Account) -> Source:
    return Source(name, FOLDER_RATE, len(files), _frames(files, account), timed=False, account=account)


def _frames(files: Sequence[Path], account: Account) -> Iterator[Frame]:
    names = distinct_names(files)
    renamed = [file.name for file, name in zip(files, names, strict=True) if name != file.stem]
    if renamed:
        account.warnings.append(
            f"{len(renamed)} pictures share their stem with others, so their masks keep the ending, "
            f"too: {_listed(renamed)}"
        )
    for number, (file, name) in enumerate(zip(files, names, strict=True)):
        try:
            image = read_upright(file)
        except FrameError as error:
            account.losses.append(f"frame {number}, {str(file)!r}, {error}; it is left out")
            continue
        if (count := pages(file)) > 1:
            account.losses.append(
                f"frame {number}, {str(file)!r}, holds {count} pictures, and only the first is taken; "
                "convert it to a video or to single pictures"
            )
        yield Frame(name, image, number / FOLDER_RATE)


def distinct_names(files: Sequence[Path]) -> list[str]:
    """Names for the masks of pictures: their stems, and with the ending where those are not distinct.

    Names that differ in case, or in how an accent is written, are one file on some disks.
    """
    stems = Counter(_folded(file.stem) for file in files)
    taken = {_folded(file.stem) for file in files if stems[_folded(file.stem)] == 1}
    names = []
    for file in files:
        if stems[_folded(file.stem)] == 1:
            names.append(file.stem)
            continue
        name, number = file.name, 1
        while _folded(name) in taken:
            number += 1
            name = f"{file.name}-{number}"
        taken.add(_folded(name))
        names.append(name)
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more
