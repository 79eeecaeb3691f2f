"""OpenCV's `VideoCapture`, without its noise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray


def open_capture(where: str | int) -> cv2.VideoCapture | None:
    """Open a video file, an address or a camera by its index; None where nothing can be opened.

    Frames come upright, whichever way a telephone was held.
    """
    if isinstance(where, str) and not is_utf8(where):
        return None
    # The decoders' own lines on stderr say less than ours. Whoever wants them sets the variable before.
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # Others than FFmpeg take a "clip_001.png" or "%03d" for the pattern of a series of files.
    backends = (cv2.CAP_ANY,) if isinstance(where, int) else (cv2.CAP_FFMPEG, cv2.CAP_ANY)
    with silence():
        for backend in backends:
            try:
                capture = cv2.VideoCapture(where, backend)
            except cv2.error:
                continue
            if capture.isOpened():
                capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
                return capture
            capture.release()
    return None


def is_utf8(name: str) -> bool:
    """Whether a name can be given to OpenCV at all: one that is not UTF-8 ends the process."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def to_rgb(bgr: cv2.typing.MatLike) -> NDArray[np.uint8]:
    """A picture of OpenCV's, uint8 `[H, W, 3]`, with red first."""
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


@contextmanager
def silence() -> Iterator[None]:
    """Inside, OpenCV logs nothing."""
    before = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)
