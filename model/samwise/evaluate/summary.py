"""Means over sentences, with a bootstrap confidence interval over videos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samwise.evaluate.records import Record
from samwise.evaluate.switches import SwitchCounts, total

RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Summary:
    """Scores of several sentences, the mean over sentences.

    Attributes:
        videos: they are about.
        sentences: their number.
        j_and_f: percent.
        interval: of J&F, 95 % confidence, percent: how much the choice of videos matters.
        j: percent.
        f: percent.
        visible_j: J over the frames that show the target, percent; None if there are none.
        absent_frames: frames, summed over sentences, without a pixel of the target.
        absent_accuracy: share of them left empty, percent; None if there are none.
        switches: see `SwitchCounts`.
    """

    videos: int
    sentences: int
    j_and_f: float
    interval: tuple[float, float]
    j: float
    f: float
    visible_j: float | None
    absent_frames: int
    absent_accuracy: float | None
    switches: SwitchCounts


def summarise(records: Sequence[Record]) -> Summary:
    """Summarise sentences, one or more of which have scores."""
    records = [record for record in records if record.scores is not None]
    scores = [record.scores for record in records if record.scores is not None]
    visible = [s.visible_j for s in scores if s.visible_j is not None]
    absent = sum(s.absent for s in scores)
    videos = [(record.split, record.video) for record in records]
    return Summary(
        videos=len(set(videos)),
        sentences=len(records),
        j_and_f=_percent(s.j_and_f for s in scores),
        interval=bootstrap([100 * s.j_and_f for s in scores], videos),
        j=_percent(s.j for s in scores),
        f=_percent(s.f for s in scores),
        visible_j=_percent(visible) if visible else None,
        absent_frames=absent,
        absent_accuracy=100 * sum(s.left_empty for s in scores) / absent if absent else None,
        switches=total(s.switches for s in scores),
    )


def bootstrap(values: Sequence[float], groups: Sequence[object], seed: int = 0) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean of `values`, drawing whole groups with replacement.

    Sentences about one video succeed and fail together, so it is videos that are drawn (Efron & Tibshirani,
    "An Introduction to the Bootstrap", 1993, sections 8.6 and 13.3).

    Args:
        values: one or more.
        groups: to which each value belongs.
        seed: of the draws.
    """
    names = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    members: NDArray[np.intp] = np.array([names[group] for group in groups])
    sums = np.bincount(members, weights=values)
    counts = np.bincount(members)
    drawn = np.random.default_rng(seed).integers(len(names), size=(RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def _percent(shares: Iterable[float]) -> float:
    return 100 * float(np.mean(list(shares)))
