"""Multi-head attention whose projections can be called separately, so that keys and values can be cached."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MultiHeadAttention(nn.Module):
    """Attention with the packed parameters of `torch.nn.MultiheadAttention`, batch first.

    Args:
        width: channels C of queries, keys, values and output.
        num_heads: number of heads; must divide `width`.
        dropout: on the attention weights, in training only.
    """

    def __init__(self, width: int, num_heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        if width % num_heads:
            raise ValueError(f"num_heads {num_heads} must divide width {width}")
        self.width, self.num_heads, self.dropout = width, num_heads, dropout
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def relate_alike(self, gain: float) -> None:
        """Give queries and keys the same random projection, so that tokens attend to similar tokens.

        After Trockman and Kolter, "Mimetic initialization of self-attention layers" (ICML 2023): a small
        fresh network need not find that first.

        Args:
            gain: scale of the projection.
        """
        with torch.no_grad():
            same = torch.randn(self.width, self.width) * gain * self.width**-0.5
            self.in_proj_weight[: 2 * self.width] = same.repeat(2, 1)

    def query(self, x: Tensor) -> Tensor:
        """Project `[N, L, C]` to queries `[N, heads, L, C / heads]`."""
        return self._heads(F.linear(x, self.in_proj_weight[: self.width], self.in_proj_bias[: self.width]))

    def key_value(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Project `[N, L, C]` to keys and values, each `[N, heads, L, C / heads]`."""
        both = F.linear(x, self.in_proj_weight[self.width :], self.in_proj_bias[self.width :])
        key, value = both.chunk(2, dim=-1)
        return self._heads(key), self._heads(value)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
        """Attend and project out: `[N, L, C]`. `mask` is boolean, True where attention is allowed."""
        dropout = self.dropout if self.training else 0.0
        out = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout)
        return self.out_proj(out.transpose(1, 2).flatten(2))

    def forward(self, query: Tensor, memory: Tensor, mask: Tensor | None = None) -> Tensor:
        """Attend from `query [N, Lq, C]` over `memory [N, Lk, C]`; returns `[N, Lq, C]`."""
        return self.attend(self.query(query), *self.key_value(memory), mask)

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
