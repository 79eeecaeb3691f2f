"""Reads video files frame by frame, with the times of their containers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import FrameError
from samwise.shell.numbers import RATES
from samwise.video.capture import is_utf8, open_capture, to_rgb
from samwise.video.ffmpeg import conversion_advice, count_packets, is_only_sound
from samwise.video.frame_clock import FrameClock
from samwise.video.frames import Account, Frame, Source

UNKNOWN_RATE = 25.0
"""Frames per second of a file that says nothing about its times."""

PROBED = 32
"""Frames that are looked at when a file is opened."""

PATIENCE = 100
"""Frames in a row that are given up as damaged before it is taken for the end. Files that claim more frames
are given more."""
MAX_PATIENCE = 10_000

SLACK = 0.05
"""How much less than announced is believed to be all, where nothing else can tell: many containers have a
length in seconds and no count."""


def open_video(path: Path) -> Source:
    """Open a video file.

    Raises:
        FrameError: if it is missing, cannot be opened, or none of its frames can be decoded.
    """
    try:
        if not path.exists():
            raise FrameError(f"there is no video file {path}")
        if not path.is_file():
            raise FrameError(f"{path} is a folder or a device; name a video file")
        # OpenCV does not say why it cannot open a file.
        with path.open("rb") as file:
            if not file.read(1):
                raise FrameError(f"{path} is empty, 0 bytes; copy or record it again")
    except OSError as error:
        raise FrameError(f"cannot read {path}: {error.strerror}") from error
    probe = _probe(path)
    account = Account()
    length = probe.announced or None
    return Source(path.stem, probe.rate, length, _frames(path, probe, account), probe.timed, account=account)


@dataclass(frozen=True)
class _Probe:
    """What the beginning of a file shows.

    Attributes:
        announced: frames, as the container has it or makes it out of its duration; 0 if it does not.
        rate: frames per second.
        timed: whether the rate comes from the file.
    """

    announced: int
    rate: float
    timed: bool


def _probe(path: Path) -> _Probe:
    capture = _open(path)
    try:
        announced = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        announced = int(announced) if 0 < announced < 2**31 else 0
        claimed = capture.get(cv2.CAP_PROP_FPS)
        width, height = (int(capture.get(x)) for x in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
        reader = _Reader(capture, announced)
        stamps = [stamp for stamp, _ in zip(reader.stamps(), range(PROBED), strict=False)]
    finally:
        capture.release()
    if not stamps:
        raise FrameError(
            f"{path} is a video of which no frame can be decoded; {conversion_advice(path, width, height)}"
        )
    rate = _rate(claimed, stamps)
    return _Probe(announced, rate or UNKNOWN_RATE, bool(rate))


def _rate(claimed: float, stamps: list[float]) -> float:
    """Frames per second: those of most frames if the claim is an average with pauses; 0.0: unknown."""
    claimed = claimed if RATES[0] <= claimed <= RATES[1] else 0.0
    steps = [after - before for before, after in pairwise(stamps) if after > before]
    usual = 1.0 / statistics.median(steps) if steps else 0.0
    if not RATES[0] <= usual <= RATES[1]:
        return claimed
    # Stamps in milliseconds are rounded; the claim is not.
    return claimed if abs(claimed - usual) < 0.03 * usual else usual


class _Reader:
    """Goes through a capture, past frames that cannot be decoded.

    Attributes:
        lost: how many could not be, before the last one that could.
        first_lost: number of the frame after the first of them, counted from 0; None: there is none.
    """

    def __init__(self, capture: cv2.VideoCapture, announced: int) -> None:
        self._capture, self._announced = capture, announced
        self.lost = 0
        self.first_lost: int | None = None

    def stamps(self) -> Iterator[float]:
        """Decode frame by frame; yields the container's stamps in seconds."""
        done = failed = 0
        # A read that fails is either one damaged frame or the end. At the end they all fail, at once.
        while failed < PATIENCE or done + self.lost + failed < min(self._announced, MAX_PATIENCE + done):
            if not self._capture.grab():
                failed += 1
                continue
            if failed and self.first_lost is None:
                self.first_lost = done
            self.lost, failed = self.lost + failed, 0
            yield self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
            done += 1

    def picture(self) -> NDArray[np.uint8] | None:
        """The frame whose stamp came last, uint8 `[H, W, 3]` RGB; None if it cannot be decoded after all."""
        found, bgr = self._capture.retrieve()
        return to_rgb(bgr) if found else None


def _frames(path: Path, probe: _Probe, account: Account) -> Iterator[Frame]:
    capture = _open(path)
    reader, clock = _Reader(capture, probe.announced), FrameClock(1.0 / probe.rate)
    number = 0
    try:
        for stamp in reader.stamps():
            image = reader.picture()
            if image is None:
                reader.lost += 1
                continue
            yield Frame(f"{number:05d}", image, clock.time(stamp))
            number += 1
    finally:
        capture.release()
    if clock.unreliable:
        account.warnings.append(
            f"{path} has no usable times for {clock.guessed} of its {clock.frames} frames; those are "
            f"taken to be {1.0 / probe.rate:.4g} s apart"
        )
    account.losses.extend(_missing(path, probe.announced, number, reader))


def _missing(path: Path, announced: int, got: int, reader: _Reader) -> list[str]:
    """What a file should have held besides the frames that were got from it, in at most one line."""
    if not reader.lost and got >= announced:
        return []
    # The announced length is a duration times a rate in many containers, and counts what an edit list hides
    # in others. The packets tell.
    packets = count_packets(path)
    if packets is None:
        whole = not reader.lost and announced - got <= max(2.0, SLACK * announced)
        total = max(announced, got + reader.lost)
    else:
        whole = not reader.lost and packets.intact and got >= packets.shown
        total = max(packets.shown, got + reader.lost, 0 if packets.intact else announced)
    if whole:
        return []
    gap = "" if reader.first_lost is None else f", the first gap is before frame {reader.first_lost:05d}"
    return [
        f"{path} is damaged or was cut off: {got} of {total} frames could be read{gap}; "
        "copy or record it again for the rest"
    ]


def _open(path: Path) -> cv2.VideoCapture:
    if not is_utf8(str(path.absolute())):
        raise FrameError(
            f"the name {str(path)!r} is not UTF-8, which OpenCV needs; rename the file or folder"
        )
    capture = open_capture(str(path.absolute()))
    if capture is None and is_only_sound(path):
        raise FrameError(f"{path} holds sound and no picture; name a video file")
    if capture is None:
        raise FrameError(
            f"{path} is not a video that can be opened: it has an unknown format, or was cut off while "
            "being recorded; see whether a player shows it, and copy or record it again"
        )
    return capture
