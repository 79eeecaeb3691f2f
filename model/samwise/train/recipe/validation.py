"""How a training is validated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from samwise.data.layouts import DataSet
from samwise.shell.spans import Count, OneOf, Span, check
from samwise.world.scene.splits import SPLITS

Frames = Annotated[int, Span(1, 10_000)]
"""Of a video or a clip; videos of the world are drawn and kept whole."""


@dataclass(frozen=True)
class Validation:
    """How the model is validated while it trains: streaming, in causal mode, as it will be used.

    Attributes:
        every: steps between two validations; one more is run at the end of each stage.
        videos: number of held-out videos.
        frames: their length.
        split: of the world; where it is `train`, the videos are ones that training never draws.
        data: data set on disk to take the videos from, in place of the world.
    """

    every: Count = 500
    videos: Count = 16
    frames: Frames = 12
    split: Annotated[str, OneOf(SPLITS)] = "train"
    data: DataSet | None = None

    def __post_init__(self) -> None:
        """Reject values out of range."""
        check(self, "validation")
