"""Which parameters a stage trains, and how its optimiser sees them."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import torch
from torch import nn

from samwise.errors import ConfigurationError
from samwise.hierarchical_selective_attention import HierarchicalSelectiveAttention
from samwise.model import Samwise
from samwise.train.stages import Stage


def select_trainable(model: nn.Module, patterns: Sequence[str]) -> list[nn.Parameter]:
    """Let gradients reach the parameters whose names match, and no others.

    Args:
        model: to change.
        patterns: shell patterns, `*adapter*`; matched against names as in the state dict.

    Returns:
        The parameters to train.

    Raises:
        ConfigurationError: for a pattern that matches nothing.
    """
    named = dict(model.named_parameters())
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in named):
            raise ConfigurationError(
                f"no parameter is called like {pattern!r}; see the names in the state dict"
            )
    for name, parameter in named.items():
        parameter.requires_grad_(any(fnmatchcase(name, pattern) for pattern in patterns))
    return [p for p in named.values() if p.requires_grad]


def make_optimizer(parameters: Sequence[nn.Parameter], stage: Stage) -> torch.optim.AdamW:
    """AdamW (official recipe), with weight decay on matrices only."""
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": stage.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=stage.learning_rate, fused=True)


def set_modes(model: Samwise, stage: Stage) -> None:
    """Put the modules into training or evaluation mode as the stage wants them, HSA on or off.

    Where no loss reaches further than the CME, everything before it runs as it does at inference.
    """
    model.train(stage.trains_masks or stage.trains_encoders)
    model.cme.train()
    for module in model.modules():
        if isinstance(module, HierarchicalSelectiveAttention):
            module.active = stage.hsa
    if stage.freeze_statistics:
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
