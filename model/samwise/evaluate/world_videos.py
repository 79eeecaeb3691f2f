"""The world's videos that a model is tested on: the one module of `evaluate` that knows the world."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from samwise.errors import ConfigurationError
from samwise.evaluate.records import Job
from samwise.world.generate import generate, name_of

VIDEOS_PER_SERIES = 1_000_000
FIRST_TRAIN_SERIES = 3000
"""Training draws its videos from the first 2**31 of the split `train`; the series here start after those."""


@dataclass(frozen=True)
class Format:
    """How videos are filmed.

    Attributes:
        frames: length T.
        size: height and width, pixels.
        fps: frames per second.
    """

    frames: int = 24
    size: tuple[int, int] = (192, 256)
    fps: float = 10.0


def seeds_of(split: str, series: int, videos: int) -> range:
    """The world's seeds of the first videos of a series; no two series share one, nor does training.

    Args:
        split: of the world.
        series: number of the series, 0 or more.
        videos: how many, 1 or more.

    Raises:
        ConfigurationError: for a number out of range.
    """
    if not 0 <= series < VIDEOS_PER_SERIES:
        raise ConfigurationError(f"the series is {series}; use a number from 0 to {VIDEOS_PER_SERIES - 1}")
    if not 1 <= videos <= VIDEOS_PER_SERIES:
        raise ConfigurationError(f"{videos} videos per split; use a number from 1 to {VIDEOS_PER_SERIES}")
    first = VIDEOS_PER_SERIES * (series + (FIRST_TRAIN_SERIES if split == "train" else 0))
    return range(first, first + videos)


def world_jobs(
    split: str, series: int, videos: int, form: Format, cme: str = "learned", mode: str = "causal"
) -> list[Job]:
    """The first videos of a series, to be drawn by the process that follows them.

    Args:
        split: of the world.
        series: see `seeds_of`.
        videos: how many.
        form: how they are filmed.
        cme: see `Job`, like `mode`.
        mode: see above.

    Raises:
        ConfigurationError: for a number out of range.
    """
    return [
        Job(
            split,
            name_of(split, seed),
            functools.partial(generate, seed, split, form.frames, form.size, form.fps),
            cme,
            mode,
        )
        for seed in seeds_of(split, series, videos)
    ]
