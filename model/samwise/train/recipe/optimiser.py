"""How a stage changes the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from samwise.errors import ConfigurationError
from samwise.shell.spans import CountFrom0, Share, Span, check

METHODS = ("adamw", "muon")


@dataclass(frozen=True, kw_only=True)
class Optimiser:
    """An optimiser and the schedule of its learning rate.

    Attributes:
        method: `adamw` (official recipe), or `muon`, which takes the matrices of a network that starts
            from scratch further in the same number of steps.
        learning_rate: peak of the schedule.
        warmup: steps of linear warm-up from 0.
        final_share: learning rate at the last step as a share of the peak, reached by a half cosine.
        weight_decay: on matrices only.
        clip_norm: largest gradient norm.
    """

    method: str = "adamw"
    learning_rate: Annotated[float, Span(0, 10, above=True)] = 1e-5
    warmup: CountFrom0 = 0
    final_share: Share = 1.0
    weight_decay: Annotated[float, Span(0, 10)] = 0.0
    clip_norm: Annotated[float, Span(0, 10**6, above=True)] = 1.0

    def __post_init__(self) -> None:
        """Reject values out of range, and methods that are not there."""
        check(self, "optimiser")
        if self.method not in METHODS:
            raise ConfigurationError(f"optimiser: method is {self.method!r}; choose {' or '.join(METHODS)}")
