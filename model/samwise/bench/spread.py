"""Median and quartiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spread:
    """Where the middle half of some numbers lies: a busy machine spoils means and extremes.

    Attributes:
        median: half of them are smaller.
        low: a quarter of them are smaller.
        high: a quarter of them are larger.
    """

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: Sequence[float], scale: float = 1.0) -> Spread:
        """Of at least one value, multiplied by `scale`."""
        low, middle, high = np.percentile(np.asarray(values) * scale, (25, 50, 75))
        return Spread(float(middle), float(low), float(high))
