"""Writing a data set: new folders and files, with errors that say what to do about it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import cv2

from samwise.errors import DataError
from samwise.shell.placing import beside
from samwise.video.labelled import LabelledVideo, Objects

JPEG_QUALITY = 95


class DataSetWriter(Protocol):
    """Writes videos in some layout. What it writes appears only when it is closed, and complete."""

    def add(self, video: LabelledVideo) -> None:
        """Write one video; its `Objects` must be known."""

    def close(self) -> None:
        """Write the listing of all videos, and move everything to its place."""

    def discard(self) -> None:
        """Remove what was written; does nothing after `close`."""


class NewFolders:
    """New folders that take their places together once they are complete.

    Args:
        places: of the folders.

    Attributes:
        paths: the folders to write into, beside their places and in the same order.

    Raises:
        DataError: if a place is taken, or cannot be written to.
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
        """Move the folders to their places: all, or none.

        Raises:
            DataError: if a place has been taken in the meantime.
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
        """Remove the folders unless they have taken their places."""
        for path in self.paths:
            shutil.rmtree(path, ignore_errors=True)

    @staticmethod
    def _check(place: Path) -> None:
        # An empty folder may be replaced: renaming does that.
        if place.is_symlink() or (place.exists() and not (place.is_dir() and not any(place.iterdir()))):
            raise DataError(f"{str(place)!r} exists already; remove it or choose another folder")


def new_folder(path: Path) -> Path:
    """Make a folder and its parents.

    Raises:
        DataError: if the name is taken, or the folder cannot be made.
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
    """Return the error for a file or folder that cannot be written."""
    reason = error.strerror or error
    return DataError(f"cannot write {str(path)!r} ({reason}); make room, or choose another folder")


def objects_of(video: LabelledVideo) -> Objects:
    """Return the objects of a video.

    Raises:
        DataError: if they are not known.
    """
    if video.objects is None:
        raise DataError(
            f"which object each pixel of video {video.name!r} shows is not known, so it cannot be written; "
            "write videos of `samwise.world.generate`"
        )
    return video.objects


def frame_names(video: LabelledVideo) -> list[str]:
    """Return the names of the frames' files, without their endings."""
    return [f"{t:05d}" for t in range(len(video.frames))]


def write_frames(folder: Path, video: LabelledVideo) -> None:
    """Write the frames as JPEG files into a new folder with the video's name.

    Raises:
        DataError: if they cannot be written.
    """
    own = new_folder(folder / video.name)
    for name, frame in zip(frame_names(video), video.frames, strict=True):
        bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
        _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        write_file(own / f"{name}.jpg", encoded.tobytes())
