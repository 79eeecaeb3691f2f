"""A video for people to look at: every target tinted, at the pace of the source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import SamwiseError
from samwise.results import StepResult, Target
from samwise.video.capture import is_utf8, open_capture, silence
from samwise.video.frames import Account, Frame
from samwise.video.overlay import draw_overlay

COLORS = ((255, 72, 88), (64, 156, 255), (255, 196, 0), (60, 200, 120), (190, 110, 255), (255, 130, 40))
MAX_SIDE = 4096
"""MPEG-4 ends at 8191 pixels, and players long before."""
RATES = (1.0, 120.0)
LONGEST_PAUSE = 10.0
"""Seconds for which a frame stands still at most, where the source has none for longer."""


class OverlayVideo:
    """The video with every target tinted in a colour of its own, as mp4.

    It has all frames at the source's usual rate, and a frame is repeated while the source pauses. Frames that
    come faster than that are shown later than they were taken, until the next pause. Frames of another size
    than the first are fitted into that, with black beside them.

    Args:
        path: file to write.
        rate: frames per second.
        timed: whether the frames' times mean something; else each is shown once.
        account: where to tell what is shown otherwise than it was taken.
    """

    def __init__(self, path: Path, rate: float, timed: bool, account: Account) -> None:
        self._path, self._rate, self._timed, self._account = (
            path,
            float(np.clip(rate, *RATES)),
            timed,
            account,
        )
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._last: NDArray[np.uint8] | None = None
        self._written = self._skipped = 0

    def add(self, frame: Frame, result: StepResult) -> None:
        """Draw and write one frame.

        Raises:
            SamwiseError: if the file cannot be written.
        """
        drawn = draw_targets(frame.image, result.targets)
        writer = self._writer or self._open(drawn)
        if self._timed:
            self._pause(writer, frame)
        self._last = np.asarray(cv2.cvtColor(self._fitted(drawn), cv2.COLOR_RGB2BGR), np.uint8)
        self._write(writer)

    def close(self) -> None:
        """Finish the file.

        Raises:
            SamwiseError: if it is not whole; it is removed.
        """
        if self._writer is None:
            return
        self._writer.release()
        self._writer = None
        # The writer says nothing when the disk is full.
        capture = open_capture(str(self._path))
        whole = capture is not None and capture.get(cv2.CAP_PROP_FRAME_COUNT) == self._written
        if not whole:
            self._path.unlink(missing_ok=True)
            raise SamwiseError(f"{str(self._path)!r} could not be written to its end; is the disk full?")
        if self._skipped:
            self._account.warnings.append(
                f"{self._path.name} shows pauses of more than {LONGEST_PAUSE:g} s shortened to that"
            )

    def _open(self, first: NDArray[np.uint8]) -> cv2.VideoWriter:
        height, width = first.shape[:2]
        scale = min(1.0, MAX_SIDE / max(height, width))
        # The codec cuts the last row and column of odd sizes off.
        even = [2 * max(1, -(-round(scale * side) // 2)) for side in (width, height)]
        self._size = (even[0], even[1])
        if scale < 1.0:
            self._account.warnings.append(
                f"{self._path.name} is scaled down from {width} x {height} to {even[0]} x {even[1]} pixels"
            )
        if not is_utf8(str(self._path)):
            raise SamwiseError(
                f"the name {str(self._path)!r} is not UTF-8; choose another, or use --no-overlay"
            )
        with silence():
            code = cv2.VideoWriter.fourcc(*"mp4v")
            self._writer = cv2.VideoWriter(str(self._path), code, self._rate, self._size)
        if not self._writer.isOpened():
            raise SamwiseError(
                f"{str(self._path)!r} cannot be written; check the folder, or use --no-overlay"
            )
        return self._writer

    def _pause(self, writer: cv2.VideoWriter, frame: Frame) -> None:
        """Let the last frame stand still until it is time for the next."""
        missing = round(frame.time * self._rate) - self._written - self._skipped
        if self._last is None or missing <= 0:
            return
        shown = min(missing, round(LONGEST_PAUSE * self._rate))
        self._skipped += missing - shown
        for _ in range(shown):
            self._write(writer)

    def _write(self, writer: cv2.VideoWriter) -> None:
        assert self._last is not None
        writer.write(self._last)
        self._written += 1

    def _fitted(self, drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A frame on the canvas of the first, as large as it can be, in the middle."""
        width, height = self._size
        own_height, own_width = drawn.shape[:2]
        scale = min(width / own_width, height / own_height)
        if scale < 1.0 or (scale > 1.0 and (abs(own_width - width) > 1 or abs(own_height - height) > 1)):
            own_width, own_height = max(1, int(own_width * scale)), max(1, int(own_height * scale))
            way = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
            drawn = np.asarray(cv2.resize(drawn, (own_width, own_height), interpolation=way), np.uint8)
        if drawn.shape[:2] == (height, width):
            return drawn
        canvas = np.zeros((height, width, 3), np.uint8)
        top, left = (height - own_height) // 2, (width - own_width) // 2
        canvas[top : top + own_height, left : left + own_width] = drawn
        return canvas


def draw_targets(image: NDArray[np.uint8], targets: Sequence[Target]) -> NDArray[np.uint8]:
    """Tint every target in a colour of its own; the caption names the first, and how many more there are."""
    drawn = image
    for number, target in reversed(list(enumerate(targets))):
        more = f"  +{len(targets) - 1}" if len(targets) > 1 else ""
        verdict = f"{target.score:.0%}" if target.present else "absent"
        label = f"{target.expression}  {verdict}{more}" if number == 0 else ""
        visible = target.mask if target.present else np.zeros_like(target.mask)
        drawn = draw_overlay(drawn, visible, label, color=COLORS[number % len(COLORS)])
    return drawn
