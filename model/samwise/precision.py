"""Weights in reduced precision, where products are computed in it anyway."""

from __future__ import annotations

import torch
from torch import nn

from samwise.attention import MultiHeadAttention

_PRODUCTS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, MultiHeadAttention)


def reduce_products(network: nn.Module, dtype: torch.dtype) -> None:
    """Hold the weights of matrix products and convolutions in `dtype`, in place.

    Autocast would make a copy of each of them every frame. Everything else stays float32: normalisations,
    embeddings, and what the residual connections add up.
    """
    for part in network.modules():
        if isinstance(part, _PRODUCTS):
            part.to(dtype)
