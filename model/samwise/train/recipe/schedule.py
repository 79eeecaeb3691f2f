"""Learning rate over the steps of a stage."""

from __future__ import annotations

import math


def learning_rate(step: int, steps: int, peak: float, warmup: int, final_share: float) -> float:
    """Linear warm-up, then half a cosine.

    Args:
        step: number of the step, from 0.
        steps: of the stage.
        peak: highest rate.
        warmup: steps until it is reached.
        final_share: rate at the last step as a share of the peak; 1 keeps the rate constant.

    Returns:
        The rate for this step, above 0.
    """
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    progress = (step - warmup) / max(1, steps - 1 - warmup)
    cosine = (1 + math.cos(math.pi * min(1.0, progress))) / 2
    return peak * (final_share + (1 - final_share) * cosine)
