"""Contact sheets of the best, the median and the worst sentence: what was found above what is there."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.evaluate.records import Record
from samwise.evaluate.world_videos import make_video
from samwise.video.overlay import draw_overlay

FOUND = (255, 72, 88)
TRUTH = (60, 200, 120)
COLUMNS = 8
CAPTION = 20
"""Pixels above each pair of rows."""


def examples(records: Sequence[Record]) -> dict[str, Record]:
    """The best, the median and the worst of one or more sentences by J&F."""
    ranked = sorted(records, key=lambda record: -record.scores.j_and_f)
    return {"best": ranked[0], "median": ranked[len(ranked) // 2], "worst": ranked[-1]}


def example_sheet(records: Sequence[Record]) -> NDArray[np.uint8]:
    """Draw the examples out of one or more sentences.

    Returns:
        uint8 `[H', W', 3]` RGB; for each example a caption, a row of answers and a row of the truth.
    """
    return np.concatenate([_example(name, record) for name, record in examples(records).items()])


def strip(
    frames: NDArray[np.uint8], masks: NDArray[np.bool_], color: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """Frames spread over a video, with the masks tinted: uint8 `[H, 8 * W, 3]`.

    Args:
        frames: uint8 `[T, H, W, 3]` RGB.
        masks: bool `[T, H, W]`.
        color: of the tint, RGB.
    """
    chosen = np.rint(np.linspace(0, len(frames) - 1, COLUMNS)).astype(int)
    return np.concatenate([draw_overlay(frames[t], masks[t], "", color=color) for t in chosen], axis=1)


def _example(name: str, record: Record) -> NDArray[np.uint8]:
    job, percent = record.job, 100 * record.scores.j_and_f
    video = make_video(job.split, job.seed, job.form)
    found = strip(video.frames, record.masks.unpack(), FOUND)
    truth = strip(video.frames, video.questions[record.number].masks, TRUTH)
    text = f"{name}: {job.split} {job.seed} [{record.family}] {record.expression!r}, J&F {percent:.1f}"
    caption = np.full((CAPTION, found.shape[1], 3), 24, np.uint8)
    cv2.putText(caption, text, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (240, 240, 240), 1, cv2.LINE_AA)
    return np.concatenate([caption, found, truth])
