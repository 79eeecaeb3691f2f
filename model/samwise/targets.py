"""What the tracker found, in the pixels of the frame as it came in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from samwise.cohort import Sentences
from samwise.results import Decision, Target
from samwise.tracker import TrackedFrame
from samwise.video.preprocess import Canvas


def targets_of(
    tracked: TrackedFrame,
    canvas: Canvas,
    sentences: Sentences,
    mask_threshold: float,
    cme_threshold: float,
) -> tuple[Target, ...]:
    """Return one target per sentence.

    Args:
        tracked: a frame of the tracker, one row per sentence.
        canvas: where the frame lies on the network's input.
        sentences: in the order of the rows.
        mask_threshold: a pixel belongs to a mask where its probability exceeds this, in [0, 1].
        cme_threshold: what the probability of a switch was compared with, in [0, 1].
    """
    probabilities = _probabilities(tracked.prediction.high_res, canvas)
    scores = tracked.prediction.object_score.float().sigmoid()[:, 0].tolist()
    masks = probabilities > mask_threshold
    decisions = _decisions(tracked, canvas, masks, mask_threshold, cme_threshold)
    return tuple(
        Target(
            id_,
            expression,
            masks[i],
            probabilities[i],
            present=scores[i] > 0.5 and bool(masks[i].any()),
            score=scores[i],
            decision=decisions[i],
        )
        for i, (id_, expression) in enumerate(zip(sentences.ids, sentences.expressions, strict=True))
    )


def _decisions(
    tracked: TrackedFrame,
    canvas: Canvas,
    masks: NDArray[np.bool_],
    mask_threshold: float,
    cme_threshold: float,
) -> list[Decision | None]:
    if tracked.candidate is None or tracked.switch_probability is None or tracked.switched is None:
        return [None] * len(masks)
    candidates = _probabilities(tracked.candidate.high_res, canvas) > mask_threshold
    switch, switched = tracked.switch_probability.tolist(), tracked.switched.tolist()
    return [
        Decision(switch[i], cme_threshold, switched[i], masks[i], candidates[i]) if decided else None
        for i, decided in enumerate(tracked.decided)
    ]


def _probabilities(high_res: Tensor, canvas: Canvas) -> NDArray[np.float32]:
    probabilities: NDArray[np.float32] = canvas.restore(high_res).sigmoid().cpu().numpy()
    return probabilities
