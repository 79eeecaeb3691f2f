"""Which videos a model is tested on, and what their sentences ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samwise.errors import ConfigurationError
from samwise.world.generate import film
from samwise.world.words.query import ABSENT, Query

VIDEOS_PER_SERIES = 1_000_000
FIRST_TRAIN_SERIES = 3000
"""Training draws its videos from the first 2**31 of the split `train`; the series from here on are others."""
FAMILIES = ("kind", "colour", "colour + kind", "size", "place", "motion", "relation", "order", "absent")


@dataclass(frozen=True)
class Format:
    """How videos are filmed.

    Attributes:
        frames: length T.
        size: height and width, pixels.
        fps: frames a second.
    """

    frames: int = 24
    size: tuple[int, int] = (192, 256)
    fps: float = 10.0


@dataclass(frozen=True)
class Question:
    """A sentence with its answer.

    Attributes:
        expression: the sentence.
        masks: its target, bool `[T, H, W]`; empty where that is absent.
        family: one of `FAMILIES`: what has to be understood to find the target.
    """

    expression: str
    masks: NDArray[np.bool_]
    family: str


@dataclass(frozen=True)
class KnownVideo:
    """A video with questions about it.

    Attributes:
        frames: uint8 `[T, H, W, 3]` RGB.
        questions: one or more.
    """

    frames: NDArray[np.uint8]
    questions: tuple[Question, ...]


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
        raise ConfigurationError(f"{videos} videos a split; use a number from 1 to {VIDEOS_PER_SERIES}")
    first = VIDEOS_PER_SERIES * (series + (FIRST_TRAIN_SERIES if split == "train" else 0))
    return range(first, first + videos)


def make_video(split: str, seed: int, form: Format) -> KnownVideo:
    """Film one video of the world.

    Raises:
        ConfigurationError: if it cannot be filmed in that form.
    """
    take = film(seed, split, form.frames, form.size, form.fps)
    owners = take.footage.owners
    questions = tuple(
        Question(
            named.sentence,
            np.zeros(owners.shape, bool) if named.target == ABSENT else owners == named.target + 1,
            "absent" if named.target == ABSENT else family_of(named.query),
        )
        for named in take.named
    )
    return KnownVideo(take.footage.frames, questions)


def family_of(query: Query) -> str:
    """What has to be understood to answer a query, one of `FAMILIES` but "absent"."""
    if query.sort != "appearance":
        return query.sort
    if query.rank:
        return "size"
    if query.kind and query.colour:
        return "colour + kind"
    return "kind" if query.kind else "colour"
