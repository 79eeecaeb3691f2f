"""Labels the Conditional Memory Encoder learns from, made by the model itself (paper section 3.4)."""

from __future__ import annotations

import torch
from torch import Tensor

IGNORED = -1
SAME = 0
DIFFERENT = 1

REFERENCE_SIDE = 1024
"""Input side, in pixels, the published area threshold of 50 pixels refers to."""


def scaled_area(pixels: float, side: int) -> float:
    """An area given for the published 1024-pixel input, at an input of `side` pixels."""
    return pixels * (side / REFERENCE_SIDE) ** 2


def decision_labels(
    tracked: Tensor, candidate: Tensor, candidate_score: Tensor, min_area: float, max_overlap: float = 0.1
) -> Tensor:
    """Whether tracking and the memory-less look at the same frame have found different objects.

    * `IGNORED` where the memory-less branch sees no object, or both masks have at most `min_area` pixels;
    * `DIFFERENT` where `|M and N| / min(|M|, |N|) < max_overlap`;
    * `SAME` elsewhere.

    An empty mask against a larger one overlaps in nothing and is `DIFFERENT`, as the official code's comments
    say; the division 0/0 in that code makes it `SAME`.

    Args:
        tracked: bool `[B, H, W]`, mask M with memory.
        candidate: bool `[B, H, W]`, mask N without.
        candidate_score: presence logit of the memory-less branch, `[B]`.
        min_area: pixels; 50 at the published input size, see `scaled_area`.
        max_overlap: share of the smaller mask, in [0, 1].

    Returns:
        long `[B]`.
    """
    areas = torch.stack((tracked.flatten(1).sum(1), candidate.flatten(1).sum(1)))
    shared = (tracked & candidate).flatten(1).sum(1)
    overlap = shared / areas.amin(0).clamp(min=1)
    labels = torch.where(overlap < max_overlap, DIFFERENT, SAME)
    unclear = (candidate_score < 0) | (areas.amax(0) <= min_area)
    return labels.masked_fill(unclear, IGNORED)
