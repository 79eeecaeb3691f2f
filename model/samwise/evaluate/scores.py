"""The scores of one sentence in one video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samwise.evaluate.follow import Trail
from samwise.evaluate.switches import SwitchCounts, count_switches
from samwise.video.metrics import contour_accuracy, region_similarity


@dataclass(frozen=True)
class Scores:
    """How well a sentence was followed.

    Attributes:
        j: region similarity, mean over all frames, in [0, 1]; where the target is absent an empty mask
            counts 1, any other 0.
        f: contour accuracy, averaged in the same way.
        visible_j: J, mean over the frames that show the target; None if none does.
        absent: frames that do not show a pixel of the target.
        left_empty: how many of them have an empty mask.
        switches: see `SwitchCounts`.
    """

    j: float
    f: float
    visible_j: float | None
    absent: int
    left_empty: int
    switches: SwitchCounts

    @property
    def j_and_f(self) -> float:
        """Mean of J and F, in [0, 1]."""
        return (self.j + self.f) / 2


def score(trail: Trail, truth: NDArray[np.bool_]) -> Scores:
    """Compare what was found with the truth, bool `[T, H, W]`."""
    overlap = region_similarity(trail.masks, truth)
    visible = truth.any(axis=(1, 2))
    return Scores(
        j=float(overlap.mean()),
        f=float(contour_accuracy(trail.masks, truth).mean()),
        visible_j=float(overlap[visible].mean()) if visible.any() else None,
        absent=int((~visible).sum()),
        left_empty=int((~visible & ~trail.masks.any(axis=(1, 2))).sum()),
        switches=count_switches(truth, trail.masks, trail.candidates),
    )
