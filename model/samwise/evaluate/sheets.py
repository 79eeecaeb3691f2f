"""Contact sheets of the best, the median and the worst sentence: what was found above the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.evaluate.records import Record
from samwise.video.labelled import Frames, LabelledVideo, Masks
from samwise.video.overlay import draw_overlay

FOUND = (255, 72, 88)
TRUTH = (60, 200, 120)
COLUMNS = 8
HIGHEST = 192
"""Pixels of a row of frames; larger frames are reduced."""
CAPTION = 20
"""Pixels above each pair of rows."""


def examples(records: Sequence[Record]) -> dict[str, Record]:
    """The best, the median and the worst by J&F of one or more sentences that have scores."""
    # A record without a sentence is an object that none was left for, see `judge_annotators`.
    shown = (record for record in records if record.scores is not None and record.expression)
    ranked = sorted(shown, key=_percent, reverse=True)
    return {"best": ranked[0], "median": ranked[len(ranked) // 2], "worst": ranked[-1]}


def example_sheet(
    records: Sequence[Record], video_of: Callable[[Record], LabelledVideo]
) -> NDArray[np.uint8]:
    """Draw examples from one or more sentences.

    Args:
        records: of the sentences.
        video_of: draws or opens the video of a record again.

    Returns:
        uint8 `[H', W', 3]` RGB; for each example a caption, a row of answers and a row of the truth.
    """
    return np.concatenate(
        [_example(name, record, video_of(record)) for name, record in examples(records).items()]
    )


def strip(frames: Frames, masks: Masks, color: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Frames spread over a video, with the masks tinted: uint8 `[H, 8 * W, 3]`, H at most `HIGHEST`.

    Args:
        frames: uint8 `[T, H, W, 3]` RGB.
        masks: bool `[T, H, W]`.
        color: of the tint, RGB.
    """
    chosen = np.rint(np.linspace(0, len(frames) - 1, COLUMNS)).astype(int)
    return np.concatenate([_tinted(frames[t], masks[t], color) for t in chosen], axis=1)


def _tinted(
    frame: NDArray[np.uint8], mask: NDArray[np.bool_], color: tuple[int, int, int]
) -> NDArray[np.uint8]:
    height, width = mask.shape
    if height > HIGHEST:
        size = max(1, round(width * HIGHEST / height)), HIGHEST
        frame = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
        mask = cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
    return draw_overlay(frame, mask, "", color=color)


def _example(name: str, record: Record, video: LabelledVideo) -> NDArray[np.uint8]:
    found = strip(video.frames, record.masks.unpack(), FOUND)
    truth = strip(video.frames, video.referrals[record.number].masks, TRUTH)
    family = f" [{record.family}]" if record.family else ""
    text = f"{name}: {record.video}{family} {record.expression!r}, J&F {_percent(record):.1f}"
    caption = np.full((CAPTION, found.shape[1], 3), 24, np.uint8)
    cv2.putText(caption, text, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (240, 240, 240), 1, cv2.LINE_AA)
    return np.concatenate([caption, found, truth])


def _percent(record: Record) -> float:
    assert record.scores is not None
    return 100 * record.scores.j_and_f
