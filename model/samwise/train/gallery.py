"""Pictures of a validation: what is true above, what the model says below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.results import Target
from samwise.video.labelled import LabelledVideo
from samwise.video.overlay import TARGET_COLOR, draw_overlay

VIDEOS = 4
COLUMNS = 3
HEIGHT = 192
TRUTH_COLOR = (60, 200, 120)


class Gallery:
    """Keeps some frames of the first videos, each with the first sentence.

    Args:
        videos: of the validation, in order.
    """

    def __init__(self, videos: Sequence[LabelledVideo]) -> None:
        self._videos = videos[:VIDEOS]
        self._columns: dict[int, list[NDArray[np.uint8]]] = {}

    def add(self, number: int, t: int, targets: Sequence[Target]) -> None:
        """Keep what was found, or ignore it.

        Args:
            number: of the video.
            t: number of the frame.
            targets: what was found in it, one target per sentence.
        """
        if number >= len(self._videos):
            return
        video = self._videos[number]
        times = np.rint(np.linspace(0, len(video.frames) - 1, min(COLUMNS, len(video.frames)))).astype(int)
        if t not in times:
            return
        referral, columns = video.referrals[0], self._columns.setdefault(number, [])
        label = referral.expression if not columns else ""
        frame = video.frames[t]
        above = _small_overlay(frame, referral.masks[t], label, TRUTH_COLOR)
        below = _small_overlay(frame, targets[0].mask, f"found: {targets[0].score:.0%}", TARGET_COLOR)
        columns.append(np.concatenate([above, below]))

    @property
    def pictures(self) -> Mapping[str, NDArray[np.uint8]]:
        """By name, uint8 `[H, W, 3]` RGB: a column per frame, truth (green) above what was found (red)."""
        return {
            f"video_{number}": np.concatenate(columns, axis=1) for number, columns in self._columns.items()
        }


def _small_overlay(
    frame: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    label: str,
    color: tuple[int, int, int],
) -> NDArray[np.uint8]:
    size = (round(frame.shape[1] * HEIGHT / frame.shape[0]), HEIGHT)
    picture = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
    reduced = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return draw_overlay(picture, np.asarray(reduced, np.bool_), label, color=color)
