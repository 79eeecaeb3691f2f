"""What is known of every pixel of the synthetic world, brought to features, and losses over it."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def known(truth: Tensor | None) -> Tensor:
    """The labels of a batch that has them.

    Raises:
        ValueError: if it has none.
    """
    if truth is None:
        raise ValueError("the batch has no semantics; only stages with that loss ask the data set for them")
    return truth


def at_places(truth: Tensor, features: Tensor) -> Tensor:
    """What is true `[V, T, K, S, S]` where features `[V * T, C, h, w]` are centred: `[V * T, K, h, w]`."""
    stride = truth.shape[-1] // features.shape[-1]
    return truth.flatten(0, 1)[..., stride // 2 :: stride, stride // 2 :: stride]


def balanced_cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy, one half averaged over the pixels of objects, the other over the background's.

    Args:
        logits: `[N, K, H, W]`.
        truth: long `[N, H, W]`, 0 on the background.
    """
    return balanced(F.cross_entropy(logits.float(), truth, reduction="none"), truth > 0)


def balanced(losses: Tensor, objects: Tensor) -> Tensor:
    """Half the mean over the pixels of objects plus half that over the others; both `[N, H, W]`."""
    thing = objects.to(losses.dtype)
    inside = (losses * thing).sum() / thing.sum().clamp(min=1)
    outside = (losses * (1 - thing)).sum() / (1 - thing).sum().clamp(min=1)
    return (inside + outside) / 2
