"""Where frames come from: a video file, a folder of pictures, or a camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import FrameError

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
FOLDER_RATE = 10.0


@dataclass(frozen=True)
class Frame:
    """One frame of a source.

    Attributes:
        name: stem of its file, or its number with five digits; used for the names of its masks.
        image: uint8 `[H, W, 3]` RGB.
    """

    name: str
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class Source:
    """Frames and what is known about them.

    Attributes:
        name: of the video, for folders of results.
        rate: frames a second.
        length: number of frames; None where only the end will tell.
        frames: to be read once.
    """

    name: str
    rate: float
    length: int | None
    frames: Iterator[Frame]


def open_source(where: str) -> Source:
    """Open a video file, a folder of pictures (in the order of their names) or a camera by its index.

    Raises:
        FrameError: if there is nothing to read.
    """
    if where.isdecimal():
        return _video(int(where), f"camera{where}")
    path = Path(where).expanduser()
    if path.is_dir():
        return _folder(path)
    if not path.exists():
        raise FrameError(
            f"no file or folder at {where!r}; give a video, a folder of pictures or a camera's index"
        )
    return _video(str(path), path.stem)


def _folder(path: Path) -> Source:
    files = sorted(p for p in path.iterdir() if p.suffix.lower() in PICTURES)
    if not files:
        raise FrameError(f"no pictures in {str(path)!r}; expected files ending in {', '.join(PICTURES)}")

    def frames() -> Iterator[Frame]:
        for file in files:
            image = cv2.imread(str(file), cv2.IMREAD_COLOR)
            if image is None:
                raise FrameError(f"{str(file)!r} is not a readable picture; remove or replace it")
            yield Frame(file.stem, _rgb(image))

    return Source(path.name, FOLDER_RATE, len(files), frames())


def _video(where: str | int, name: str) -> Source:
    capture = cv2.VideoCapture(where)
    if not capture.isOpened():
        kind = "camera" if isinstance(where, int) else "video"
        raise FrameError(f"{kind} {where!r} cannot be opened; is it there, in use, or of an unknown format?")
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))

    def frames() -> Iterator[Frame]:
        number = 0
        try:
            while True:
                found, image = capture.read()
                if not found:
                    return
                yield Frame(f"{number:05d}", _rgb(image))
                number += 1
        finally:
            capture.release()

    return Source(name, capture.get(cv2.CAP_PROP_FPS) or FOLDER_RATE, count if count > 0 else None, frames())


def _rgb(bgr: cv2.typing.MatLike) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
