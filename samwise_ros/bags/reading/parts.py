"""From what was given on the command line to the files that hold the messages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reading.account import Account
from samwise_ros.bags.reading.kinds import WANTED, cannot_open
from samwise_ros.bags.reading.metadata import Metadata, read_metadata
from samwise_ros.bags.writing.bag_metadata import NAME

_PART = re.compile(r"(?P<base>.*?)(?:_(?P<number>\d+))?(?P<ending>\.(?:mcap|db3)(?:\.zstd)?)$")
#: Numbers of parts that lie further apart are something else.
MANY_PARTS = 1000
_LOG_ENDINGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Parts:
    """Files of a recording.

    Attributes:
        files: to read, in order.
        metadata: of the folders they came from, where there is any that makes sense.
    """

    files: tuple[Path, ...]
    metadata: tuple[Metadata, ...]


def find_parts(paths: Sequence[Path], account: Account) -> Parts:
    """Find the files of a recording.

    Args:
        paths: rosbag2 folders or files; more than one for the parts of a split recording.
        account: for parts that are missing.

    Raises:
        BagError: if there is nothing, no permission, or no recording in a folder.
    """
    # What is given twice, or with its folder, is one and the same, whatever the paths look like.
    given = _once(paths)
    files: list[Path] = []
    metadata: list[Metadata] = []
    for path in given:
        found = _look(path, account)
        files += found.files
        metadata += found.metadata
    return Parts(tuple(_once(files)), tuple(metadata))


def _once(paths: Iterable[Path]) -> list[Path]:
    found: dict[str, Path] = {}
    for path in paths:
        found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def in_order(names: Sequence[Path]) -> list[Path]:
    """Sort by name, with numbers by their value: part_2 before part_10."""
    return sorted(
        names,
        key=lambda path: [
            (part.isdigit(), int(part) if part.isdigit() else 0, part)
            for part in re.split(r"(\d+)", path.name)
        ],
    )


def _look(path: Path, account: Account) -> Parts:
    try:
        if not path.exists():
            raise BagError(f"there is no bag {path}; {WANTED}")
        if path.name == NAME:
            path = path.parent
        if path.is_dir():
            return _folder(path, account)
    except OSError as error:
        raise BagError(cannot_open(path, error)) from error
    for ending in _LOG_ENDINGS:
        if path.name.endswith(f".db3{ending}"):
            raise BagError(f"{path} belongs to {path.name.removesuffix(ending)}; give that file")
    return Parts((path,), ())


def _folder(folder: Path, account: Account) -> Parts:
    listing = [entry for entry in folder.iterdir() if entry.is_file()]
    if folder / NAME in listing:
        metadata = read_metadata(folder, account)
        if metadata is not None and metadata.files:
            files = _listed(folder, metadata, account)
            return Parts(files, (metadata,))
    parts = in_order([file for file in listing if _PART.match(file.name)])
    if not parts:
        raise BagError(f"{folder} {_what_it_holds(folder, listing)}")
    _check_belong_together(folder, parts, account)
    return Parts(tuple(parts), ())


def _listed(folder: Path, metadata: Metadata, account: Account) -> tuple[Path, ...]:
    """The files that metadata.yaml lists. Old recorders wrote the folder's name before them."""
    files, missing = [], []
    for name in metadata.files:
        candidates = (folder / name, folder / Path(name).name)
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
        if file is None:
            missing.append(Path(name).name)
        else:
            files.append(file)
    if not files:
        # The folder or its file was renamed.
        present = in_order([file for file in folder.iterdir() if _PART.match(file.name)])
        if not present:
            raise BagError(
                f"{folder} lacks {', '.join(missing)}, which its {NAME} lists; copy it there again"
            )
        if len(present) == len(missing):
            return tuple(present)
        files = present
    else:
        _note_unlisted(folder, metadata, account)
    if missing:
        account.fault(
            f"{folder} lacks {', '.join(missing)} of {len(metadata.files)} files that its {NAME} lists; "
            "the others are played. Copy the whole folder again"
        )
    return tuple(files)


def _note_unlisted(folder: Path, metadata: Metadata, account: Account) -> None:
    # A part that was packed or unpacked keeps its name but for the end.
    listed = {Path(name).name.removesuffix(".zstd") for name in metadata.files}
    parts = in_order([file for file in folder.iterdir() if _PART.match(file.name)])
    if others := [part.name for part in parts if part.name.removesuffix(".zstd") not in listed]:
        account.note(
            f"{folder} also holds {', '.join(others)}, not listed in its {NAME} and left out; "
            "give all files by name to have them together"
        )


def _check_belong_together(folder: Path, parts: Sequence[Path], account: Account) -> None:
    """Without metadata.yaml only names tell whether files are parts of one recording."""
    matches = [match for part in parts if (match := _PART.match(part.name))]
    if len({(match["base"], match["ending"]) for match in matches}) > 1:
        names = ", ".join(part.name for part in parts[:6]) + (", ..." if len(parts) > 6 else "")
        raise BagError(
            f"{folder} holds several recordings and no {NAME}: {names}. Give the file that you mean, or all "
            "files that belong together"
        )
    numbers = [int(match["number"]) for match in matches if match["number"] is not None]
    span = range(min(numbers, default=0), max(numbers, default=0))
    # A date is a number, too, but its holes mean nothing.
    if len(span) < MANY_PARTS and (missing := sorted(set(span) - set(numbers))):
        name = f"{matches[0]['base']}_{missing[0]}{matches[0]['ending']}"
        account.fault(f"{folder} has no {name}: {len(missing)} of the recording's parts are missing")
    if len(parts) > 1:
        account.note(f"{folder} has no {NAME}; its {len(parts)} files are played as one recording")


def _what_it_holds(folder: Path, listing: Sequence[Path]) -> str:
    inside = sorted(entry for entry in folder.iterdir() if entry.is_dir() and (entry / NAME).exists())
    if inside:
        names = ", ".join(entry.name for entry in inside[:5])
        return f"is not a recording itself, but holds {names}; give one of them"
    if any(file.suffix == ".bag" for file in listing):
        return (
            f"holds ROS 1 bags; `rosbags-convert --src {folder}/NAME.bag --dst NAME` makes ROS 2 ones of them"
        )
    return "is a folder without an .mcap or .db3 file: no recording"
