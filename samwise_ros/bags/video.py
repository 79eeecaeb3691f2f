"""Reads video files frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise_ros.bags.errors import BagError


@dataclass(frozen=True)
class Video:
    """A video file.

    Attributes:
        path: of the file.
        width: of a frame in pixels.
        height: of a frame in pixels.
        fps: frames a second; 0.0 where the file does not tell.
        frame_count: as the file claims; 0 where it does not tell.
    """

    path: Path
    width: int
    height: int
    fps: float
    frame_count: int

    def frames(self) -> Iterator[NDArray[np.uint8]]:
        """Yield uint8 [H, W, 3] RGB, from the first frame to the last that can be decoded."""
        capture = cv2.VideoCapture(str(self.path))
        try:
            while True:
                ok, frame = capture.read()
                if not ok:
                    return
                yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8)
        finally:
            capture.release()


def open_video(path: Path) -> Video:
    """Look into a video file.

    Raises:
        BagError: there is no such file, or OpenCV cannot decode it.
    """
    if not path.is_file():
        raise BagError(f"there is no video file {path}")
    capture = cv2.VideoCapture(str(path))
    try:
        ok, frame = capture.read()
        if not ok:
            raise BagError(
                f"{path} is no video that OpenCV can decode; convert it first, for example: "
                f"ffmpeg -i {path.name} -c:v libx264 {path.stem}.mp4"
            )
        fps = capture.get(cv2.CAP_PROP_FPS)
        count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    finally:
        capture.release()
    height, width = frame.shape[:2]
    return Video(
        path,
        width=width,
        height=height,
        # Broken files claim anything: only believe what a camera can do.
        fps=fps if 0.1 <= fps <= 1000 else 0.0,
        frame_count=max(0, int(count)),
    )
