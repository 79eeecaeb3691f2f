"""Whether the memory grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samwise.bench.soak.run import Sample
from samwise.errors import SamwiseError

ENOUGH = 3
"""The fewest samples to fit a line to."""


@dataclass(frozen=True)
class Trend:
    """Straight line through the memory samples after warm-up.

    Attributes:
        slope: MiB per 1000 frames.
        start: MiB of the line at frame 0.
        limit: slope up to which the memory counts as flat, MiB per 1000 frames.
    """

    slope: float
    start: float
    limit: float

    @property
    def flat(self) -> bool:
        """Whether the memory does not grow. Shrinking is not a leak."""
        return self.slope <= self.limit

    def at(self, frame: int) -> float:
        """MiB of the line at a frame."""
        return self.start + self.slope * frame / 1000


def trend(samples: Sequence[Sample], warm_up: int, limit: float) -> Trend:
    """Fit the samples taken after `warm_up` frames by least squares.

    Raises:
        SamwiseError: for fewer than `ENOUGH` such samples.
    """
    settled = [s for s in samples if s.frame > warm_up]
    if len(settled) < ENOUGH:
        raise SamwiseError(
            f"{len(settled)} samples after {warm_up} frames of warm-up; a line needs {ENOUGH}: "
            "stream more frames, sample more often or warm up less"
        )
    slope, start = np.polyfit([s.frame / 1000 for s in settled], [s.resident_mib for s in settled], 1)
    return Trend(float(slope), float(start), limit)
