"""LoRA: frozen weights with a trained update of low rank (Hu et al., arXiv 2106.09685, section 4.1)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from samwise.errors import ConfigurationError
from samwise.train.optimise.patterns import matching


class LowRankUpdate(nn.Module):
    """Turns a weight `W` into `W + (alpha / rank) * up @ down`; no change at the start, as `up` is zero.

    Args:
        outputs: rows of the weight.
        inputs: its columns.
        rank: of the update, 1 or more.
        alpha: its scale.
    """

    def __init__(self, outputs: int, inputs: int, rank: int, alpha: float) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.empty(rank, inputs))
        self.up = nn.Parameter(torch.zeros(outputs, rank))
        self.scale = alpha / rank
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, weight: Tensor) -> Tensor:
        """The updated weight."""
        return weight + self.scale * (self.up @ self.down)


def add_low_rank(model: nn.Module, patterns: Sequence[str], rank: int, alpha: float) -> tuple[str, ...]:
    """Give every linear layer whose name matches an update of low rank.

    The new parameters are called `<layer>.parametrizations.weight.0.down` and `.up`.

    Args:
        model: to change.
        patterns: shell patterns of the names of modules, `fusion.text_encoder.*`.
        rank: of the updates, 1 or more.
        alpha: their scale.

    Returns:
        Names of the layers.

    Raises:
        ConfigurationError: for a rank below 1, or a pattern that matches no linear layer.
    """
    if rank < 1:
        raise ConfigurationError(f"the rank of a low-rank update is {rank}; use 1 or more")
    linears = {name: module for name, module in model.named_modules() if isinstance(module, nn.Linear)}
    names = matching(linears, patterns, "linear layer")
    chosen = {name: module for name, module in linears.items() if name in names}
    for module in chosen.values():
        update = LowRankUpdate(module.out_features, module.in_features, rank, alpha)
        parametrize.register_parametrization(module, "weight", update.to(module.weight.device))
    return tuple(chosen)


def merge_low_rank(model: nn.Module) -> None:
    """Put all updates into the weights they belong to: the model computes the same without them."""
    for module in model.modules():
        if isinstance(module, nn.Linear) and parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)
