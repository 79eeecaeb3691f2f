"""Weights mixed from several stages of one run (Wortsman et al. 2022, arXiv 2109.01903 and 2203.05482)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from samwise.errors import ConfigurationError
from samwise.shell.spans import Share, Text, Texts
from samwise.train.optimise.patterns import matching


@dataclass(frozen=True)
class Blend:
    """What a stage takes over from the end of an earlier one before its first step.

    Attributes:
        stage: name of the earlier one.
        parameters: shell patterns of names as in the state dict.
        share: of the earlier values in the new ones, above 0 and at most 1; 1 restores them.
    """

    stage: Text
    parameters: Texts
    share: Share = 1.0

    def __post_init__(self) -> None:
        """Reject a share that is out of range."""
        if not 0 < self.share <= 1:
            raise ConfigurationError(
                f"share of {self.stage!r} in a blend is {self.share}; use one above 0, at most 1"
            )


def mix_in(model: nn.Module, earlier: nn.Module, patterns: Sequence[str], share: float) -> None:
    """Move parameters and statistics towards their values in an earlier state of the model.

    Args:
        model: to change.
        earlier: of the same architecture.
        patterns: shell patterns of the names to change.
        share: of the earlier values, in [0, 1].

    Raises:
        ConfigurationError: for a pattern that matches nothing.
    """
    state, old = model.state_dict(), earlier.state_dict()
    names = matching(state, patterns, "parameter")
    with torch.no_grad():
        for name, value in state.items():
            if name in names and value.is_floating_point():
                value.lerp_(old[name].to(value), share)
