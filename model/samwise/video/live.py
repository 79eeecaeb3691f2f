"""Cameras and streams: frames that are lost if nobody takes them, and videos behind an address."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import cv2

from samwise.errors import FrameError
from samwise.shell.numbers import RATES
from samwise.video.capture import open_capture, to_rgb
from samwise.video.files import SLACK
from samwise.video.frame_clock import FrameClock
from samwise.video.frames import Account, Frame, Source

USUAL_RATE = 30.0
"""Frames per second of a camera that does not tell."""


def is_address(where: str) -> bool:
    """Whether a source is the address of a stream, like rtsp://camera/1."""
    return re.match(r"[a-z][a-z0-9+.-]*://", where, re.IGNORECASE) is not None


def open_camera(index: int) -> Source:
    """Open a camera by its index.

    Raises:
        FrameError: if there is none, or it is in use.
    """
    return _live(index, f"camera{index}", f"camera {index}", "is it there, and not in use?")


def open_device(path: str) -> Source:
    """Open a camera by its device, like /dev/video0. Raises like `open_camera`."""
    return _live(path, path.rsplit("/", 1)[-1], f"camera {path!r}", "is it there, and not in use?")


def open_stream(address: str) -> Source:
    """Open a stream by its address.

    Raises:
        FrameError: if nobody answers, or the format is unknown.
    """
    parts = urlsplit(address)
    # Addresses of cameras carry passwords, which do not belong into messages and names of files.
    host = parts.netloc.rpartition("@")[2]
    last = parts.path.rstrip("/").rsplit("/", 1)[-1] or host or "stream"
    shown = f"stream {f'{parts.scheme}://{host}{parts.path}'!r}"
    return _live(address, last, shown, "does a player show it, from this machine?")


def _live(where: str | int, name: str, shown: str, question: str) -> Source:
    capture = open_capture(where)
    if capture is None:
        raise FrameError(f"{shown} cannot be opened; {question}")
    claimed = capture.get(cv2.CAP_PROP_FPS)
    timed = RATES[0] <= claimed <= RATES[1]
    rate = claimed if timed else USUAL_RATE
    count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    length = int(count) if 0 < count < 2**31 else None
    account = Account()
    frames = _frames(capture, length or 0, 1.0 / rate, shown, account)
    return Source(name, rate, length, frames, timed, live=length is None, account=account)


def _frames(
    capture: cv2.VideoCapture, length: int, interval: float, shown: str, account: Account
) -> Iterator[Frame]:
    number, start = 0, 0.0
    stamps = FrameClock(interval)
    try:
        while (read := capture.read())[0]:
            # A video behind an address has stamps; with a camera it is now.
            now = time.monotonic()
            start = start or now
            seconds = stamps.time(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0) if length else now - start
            yield Frame(f"{number:05d}", to_rgb(read[1]), seconds)
            number += 1
    finally:
        capture.release()
    if number < (1.0 - SLACK) * length or not length:
        of = f" of {length}" if length else ""
        account.losses.append(f"{shown} gave no more frames after {number}{of}; is it still there?")
