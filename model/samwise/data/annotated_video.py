"""What the exporters write: a video in which it is known whose every pixel is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import DataError
from samwise.shell.placing import beside

JPEG_QUALITY = 95


@dataclass(frozen=True)
class Sentence:
    """A sentence and what it names.

    Attributes:
        expression: the sentence.
        targets: numbers of the objects; empty where nothing fits.
    """

    expression: str
    targets: tuple[int, ...]


@dataclass(frozen=True)
class AnnotatedVideo:
    """Frames, objects and sentences.

    Attributes:
        name: of its folder.
        frames: uint8 `[T, H, W, 3]` RGB.
        owners: uint8 `[T, H, W]`: number of the object that a pixel shows, from 1; 0 where it shows none.
        kinds: what object 1, object 2 and so on are.
        sentences: about the objects.
    """

    name: str
    frames: NDArray[np.uint8]
    owners: NDArray[np.uint8]
    kinds: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    @property
    def frame_names(self) -> list[str]:
        """Names of the frames' files, without their endings."""
        return [f"{t:05d}" for t in range(len(self.frames))]


class DataSetWriter(Protocol):
    """Writes videos in some layout. What it writes appears when it is closed, and whole."""

    def add(self, video: AnnotatedVideo) -> None:
        """Write one video."""

    def close(self) -> None:
        """Write what lists them all, and have everything take its place."""

    def discard(self) -> None:
        """Remove what was written; after `close`, nothing."""


class NewFolders:
    """Folders that are not there yet, and take their places together when all is in them.

    Args:
        places: of the folders.

    Attributes:
        paths: beside their places, to write into; like `places`.

    Raises:
        DataError: if there is something in a place already, or it cannot be written to.
    """

    def __init__(self, *places: Path) -> None:
        self._places = places
        for place in places:
            self._check(place)
        self.paths = [beside(place) for place in places]
        try:
            for path in self.paths:
                new_folder(path)
        except DataError:
            self.discard()
            raise

    def finish(self) -> None:
        """Have them take their places: all, or none.

        Raises:
            DataError: if there is something by now.
        """
        for place in self._places:
            self._check(place)
        done: list[tuple[Path, Path]] = []
        try:
            for path, place in zip(self.paths, self._places, strict=True):
                path.rename(place)
                done.append((path, place))
        except OSError as error:
            for path, place in done:
                place.rename(path)
            raise cannot_write(place, error) from error

    def discard(self) -> None:
        """Remove them as long as they have not taken their places."""
        for path in self.paths:
            shutil.rmtree(path, ignore_errors=True)

    @staticmethod
    def _check(place: Path) -> None:
        # An empty folder may be replaced, which renaming does.
        if place.is_symlink() or (place.exists() and not (place.is_dir() and not any(place.iterdir()))):
            raise DataError(f"{str(place)!r} exists already; remove it or choose another folder")


def new_folder(path: Path) -> Path:
    """Make a folder, with those above it.

    Raises:
        DataError: if there is something by that name already, or it cannot be made.
    """
    try:
        path.mkdir(parents=True)
    except FileExistsError as error:
        raise DataError(f"{str(path)!r} exists already; remove it or choose another folder") from error
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def write_file(path: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        DataError: if it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> DataError:
    """The error for a file or folder that cannot be written."""
    reason = error.strerror or error
    return DataError(f"cannot write {str(path)!r} ({reason}); make room, or choose another folder")


def write_frames(folder: Path, video: AnnotatedVideo) -> None:
    """Write the frames as JPEG into a new folder of the video's name.

    Raises:
        DataError: if they cannot be written.
    """
    own = new_folder(folder / video.name)
    for name, frame in zip(video.frame_names, video.frames, strict=True):
        bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
        _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        write_file(own / f"{name}.jpg", encoded.tobytes())
