"""Attention whose values are narrower than its keys, for a CPU in float32."""

from __future__ import annotations

import torch
from torch import Tensor

BLOCK = 512
"""Queries at a time: their weights over 25,000 keys take 50 MB instead of 400."""


def attend_in_blocks(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """softmax(q k' / sqrt(C)) v, without gradients.

    torch's fused kernels only take values as wide as the keys; its fallback stores all the weights.

    Args:
        query: `[B, L, C]`.
        key: `[B, M, C]`.
        value: `[B, M, D]`.

    Returns:
        `[B, L, D]`.
    """
    out = value.new_empty(*query.shape[:2], value.shape[2])
    scaled = query * query.shape[-1] ** -0.5
    for b in range(len(query)):
        keys = key[b].t()
        weights = query.new_empty(min(BLOCK, query.shape[1]), key.shape[1])
        for start in range(0, query.shape[1], BLOCK):
            queries = scaled[b, start : start + BLOCK]
            rows = weights[: len(queries)]
            torch.mm(queries, keys, out=rows)
            torch.softmax(rows, dim=-1, out=rows)
            torch.mm(rows, value[b], out=out[b, start : start + BLOCK])
    return out
