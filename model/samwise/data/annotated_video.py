"""What the exporters write: a video in which it is known whose every pixel is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import DataError

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
    """Writes videos in some layout."""

    def add(self, video: AnnotatedVideo) -> None:
        """Write one video."""

    def close(self) -> None:
        """Write what lists them all."""


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
        raise DataError(f"cannot write {str(path)!r} ({error.strerror}); choose another folder") from error
    return path


def write_frames(folder: Path, video: AnnotatedVideo) -> None:
    """Write the frames as JPEG into a new folder of the video's name.

    Raises:
        DataError: if they cannot be written.
    """
    own = new_folder(folder / video.name)
    for name, frame in zip(video.frame_names, video.frames, strict=True):
        bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
        if not cv2.imwrite(str(own / f"{name}.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]):
            raise DataError(f"{str(own / name)!r}.jpg cannot be written; is the disk full?")
