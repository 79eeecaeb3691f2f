"""Reduced precision: where it applies, and how weights carry it themselves."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from samwise.network.layers.attention import MultiHeadAttention

_PRODUCTS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, MultiHeadAttention)


def reduce_products(network: nn.Module, dtype: torch.dtype) -> None:
    """Hold the weights of matrix products and convolutions in `dtype`, in place.

    Autocast would copy each of them on every frame. Everything else stays float32: normalisations,
    embeddings, and what the residual connections add up.
    """
    for part in network.modules():
        if isinstance(part, _PRODUCTS):
            part.to(dtype)


def as_held(weight: Tensor) -> AbstractContextManager[object]:
    """Compute products in the precision that `weight` is held in, or leave it as it is for float32."""
    if weight.dtype == torch.float32:
        return nullcontext()
    return torch.autocast(weight.device.type, weight.dtype)
