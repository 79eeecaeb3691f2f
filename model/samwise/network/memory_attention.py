"""SAM 2's memory attention, rearranged where the result stays the same (parameter names are SAM 2's)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.network.layers.derived import Derived
from samwise.network.layers.narrow_attention import attend_in_blocks
from samwise.network.layers.precision import as_held
from samwise.network.layers.rotary import halves, rotary_table, rotate

Affine = tuple[Tensor, Tensor]
"""Weight and bias."""


@dataclass(frozen=True)
class MemoryTokens:
    """What is attended to: n frames of hw tokens, and P tokens without a position.

    Attributes:
        frames: `[B, n, hw, Cm]`.
        positions: `[n, hw, Cm]`, added to `frames` where they are keys.
        pointers: `[B, P, Cm]`.
    """

    frames: Tensor
    positions: Tensor
    pointers: Tensor


class _Projections(nn.Module):
    """Parameters of a single-headed attention.

    Args:
        width: channels C of queries, keys and output.
        memory_width: channels of what is attended to.
        dropout: on attention weights, in training.
    """

    def __init__(self, *, width: int, memory_width: int, dropout: float) -> None:
        super().__init__()
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(memory_width, width)
        self.v_proj = nn.Linear(memory_width, width)
        self.out_proj = nn.Linear(width, width)
        self.dropout = dropout

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        dropout = self.dropout if self.training else 0.0
        # One head; without a dimension for it torch does not choose the fused kernels.
        out = F.scaled_dot_product_attention(query[:, None], key[:, None], value[:, None], dropout_p=dropout)
        return F.linear(out[:, 0], self.out_proj.weight, self.out_proj.bias)


class SelfAttention(_Projections):
    """A frame's tokens attend to each other."""

    def __init__(self, *, width: int, dropout: float) -> None:
        super().__init__(width=width, memory_width=width, dropout=dropout)
        self._packed: Derived[Affine] = Derived()

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Attend within `x [B, hw, C]`, turned by the angles of `[hw, C / 2]`."""
        query, key, value = F.linear(x, *self._packed.get(self._pack, list(self.parameters()))).chunk(
            3, dim=-1
        )
        return self._attend(rotate(query, cos, sin), rotate(key, cos, sin), value)

    def _pack(self) -> Affine:
        parts = (self.q_proj, self.k_proj, self.v_proj)
        weights = [halves(p.weight) for p in parts[:2]] + [self.v_proj.weight]
        biases = [halves(p.bias) for p in parts[:2]] + [self.v_proj.bias]
        return torch.cat(weights), torch.cat(biases)


class CrossAttention(_Projections):
    """A frame's tokens attend to the memories.

    The attention weights A of a token sum to 1, so values may be projected before or after averaging.
    Afterwards is cheaper, since they are narrower: out = (A m) (Wo Wv)' + Wo bv + bo.
    """

    def __init__(self, *, width: int, memory_width: int, dropout: float) -> None:
        super().__init__(width=width, memory_width=memory_width, dropout=dropout)
        self._keys: Derived[tuple[Affine, Affine]] = Derived()
        self._values: Derived[Affine] = Derived()

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, memory: MemoryTokens) -> Tensor:
        """Read `memory` into `x [B, hw, C]`; queries and keys are turned by the angles of `[hw, C / 2]`."""
        to_query, to_key = self._keys.get(
            self._reorder, [*self.q_proj.parameters(), *self.k_proj.parameters()]
        )
        query = rotate(F.linear(x, *to_query), cos, sin)
        seen = rotate(F.linear(memory.frames + memory.positions, *to_key), cos, sin).flatten(1, 2)
        key = torch.cat((seen, F.linear(memory.pointers, *to_key)), dim=1)
        value = torch.cat((memory.frames.flatten(1, 2), memory.pointers), dim=1)
        # Fused kernels need values as wide as the keys. They are faster where products are fast (bfloat16,
        # GPU), and necessary for training: with dropout a token's weights do not sum to 1.
        if torch.is_grad_enabled() or query.dtype != torch.float32 or query.device.type != "cpu":
            return self._attend(query, key, self.v_proj(value))
        return F.linear(
            attend_in_blocks(query, key, value), *self._values.get(self._compose, list(self.parameters()))
        )

    def _reorder(self) -> tuple[Affine, Affine]:
        query, key = self.q_proj, self.k_proj
        return (halves(query.weight), halves(query.bias)), (halves(key.weight), halves(key.bias))

    def _compose(self) -> Affine:
        out, value = self.out_proj, self.v_proj
        return out.weight @ value.weight, out.weight @ value.bias + out.bias


class MemoryAttentionLayer(nn.Module):
    """Self-attention, cross-attention and MLP, each added to its normalised input."""

    def __init__(self, *, width: int, memory_width: int, feed_forward: int, dropout: float) -> None:
        super().__init__()
        self.self_attn = SelfAttention(width=width, dropout=dropout)
        self.cross_attn_image = CrossAttention(width=width, memory_width=memory_width, dropout=dropout)
        self.linear1 = nn.Linear(width, feed_forward)
        self.linear2 = nn.Linear(feed_forward, width)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, memory: MemoryTokens) -> Tensor:
        """Shapes as for `MemoryAttention.forward`."""
        x = x + self.dropout(self.self_attn(self.norm1(x), cos, sin))
        x = x + self.dropout(self.cross_attn_image(self.norm2(x), cos, sin, memory))
        return x + self.dropout(self.linear2(self.dropout(F.relu(self.linear1(self.norm3(x))))))


class MemoryAttention(nn.Module):
    """Conditions a frame's features on memories.

    Args:
        width: channels C of the features.
        memory_width: channels Cm of the memories.
        grid: side of the feature map; hw = grid * grid.
        num_layers: number of layers.
        feed_forward: hidden width of their MLPs.
        dropout: in training.
    """

    _cos: Tensor
    _sin: Tensor

    def __init__(
        self,
        *,
        width: int,
        memory_width: int,
        grid: int,
        num_layers: int,
        feed_forward: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            MemoryAttentionLayer(
                width=width, memory_width=memory_width, feed_forward=feed_forward, dropout=dropout
            )
            for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(width)
        cos, sin = rotary_table(grid, width)
        self.register_buffer("_cos", cos, persistent=False)
        self.register_buffer("_sin", sin, persistent=False)

    def forward(self, x: Tensor, memory: MemoryTokens) -> Tensor:
        """Read `memory` into `x [B, hw, C]`, to which its position has been added; same shape out."""
        with as_held(next(self.layers.parameters())):
            for layer in self.layers:
                x = layer(x, self._cos, self._sin, memory)
        out: Tensor = self.norm(x)
        return out
