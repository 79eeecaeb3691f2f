"""Which parameters a stage trains, and how its optimiser sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import torch
from torch import Tensor, nn

from samwise.network.hierarchical_selective_attention import HierarchicalSelectiveAttention
from samwise.network.samwise import Samwise
from samwise.train.optimise.patterns import matching
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser


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
    chosen = matching(named, patterns, "parameter")
    for name, parameter in named.items():
        parameter.requires_grad_(name in chosen)
    return [p for p in named.values() if p.requires_grad]


def make_optimizers(
    parameters: Sequence[nn.Parameter], optimiser: Optimiser, tables: Collection[Tensor] = ()
) -> tuple[torch.optim.Optimizer, ...]:
    """AdamW, with weight decay on matrices only (official recipe); with `muon`, Muon for matrices.

    Args:
        parameters: to train.
        optimiser: of the stage.
        tables: matrices that are embeddings, rows to look up, which Muon is not made for.
    """
    looked_up = {id(p) for p in tables}
    muon = [p for p in parameters if p.ndim == 2 and id(p) not in looked_up and optimiser.method == "muon"]
    taken = {id(p) for p in muon}
    rest = [p for p in parameters if id(p) not in taken]
    groups = [
        {"params": [p for p in rest if p.ndim > 1], "weight_decay": optimiser.weight_decay},
        {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
    ]
    adamw = torch.optim.AdamW(groups, lr=optimiser.learning_rate, fused=True)
    if not muon:
        return (adamw,)
    # Scaled so that a learning rate means what it means to AdamW (Liu et al., arXiv 2502.16982).
    rate, decay = optimiser.learning_rate, optimiser.weight_decay
    return adamw, torch.optim.Muon(muon, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw")


def embeddings(model: nn.Module) -> list[Tensor]:
    """The tables of vectors of a model."""
    return [m.weight for m in model.modules() if isinstance(m, nn.Embedding)]


def set_modes(model: Samwise, mode: Mode, *, masks: bool) -> None:
    """Put the modules into training or evaluation mode as a stage wants them, adapters and HSA on or off.

    Args:
        model: to change.
        mode: of the stage.
        masks: whether masks are trained. Where no loss reaches further than the CME, everything before it
            runs as it does at inference.
    """
    model.train(masks)
    model.cme.train()
    model.fusion.active = mode.adapters
    for module in model.modules():
        if isinstance(module, HierarchicalSelectiveAttention):
            module.active = mode.hsa
    if mode.freeze_statistics:
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
