"""SAM 2's memory attention and memory encoder (settings of the SAM 2.0 release)."""

from __future__ import annotations

import torch
from sam2.modeling.memory_encoder import CXBlock, Fuser, MaskDownSampler, MemoryEncoder
from sam2.modeling.position_encoding import PositionEmbeddingSine
from torch import Tensor, nn

from samwise.network.layers.channel_norm import fuse_channel_norms
from samwise.network.layers.derived import Derived
from samwise.network.memory_attention import MemoryAttention, MemoryTokens
from samwise.state.memory_bank import MemoryBank

MASK_SCALE, MASK_BIAS = 20.0, -10.0
"""A mask probability p enters the memory encoder as `20 p - 10` (SAM 2 configuration)."""


def _memory_encoder(*, width: int, memory_width: int) -> MemoryEncoder:
    # The layer scale only matters where weights are trained from scratch; SAM 2's 1e-6 would keep the
    # fuser inactive through a short training.
    block = CXBlock(dim=width, kernel_size=7, padding=3, layer_scale_init_value=0.1, use_dwconv=True)
    encoder = MemoryEncoder(
        out_dim=memory_width,
        in_dim=width,
        mask_downsampler=MaskDownSampler(embed_dim=width, kernel_size=3, stride=2, padding=1),
        fuser=Fuser(block, num_layers=2),
        position_encoding=PositionEmbeddingSine(memory_width),
    )
    fuse_channel_norms(encoder)
    return encoder


def _positions(width: int, grid: int) -> Tensor:
    """Sine encoding of a feature map's tokens, `[hw, width]`."""
    encoding: Tensor = PositionEmbeddingSine(width)(torch.empty(1, 1, grid, grid))
    return encoding[0].flatten(1).t().contiguous()


class Memory(nn.Module):
    """Writes frames into memories and reads memories into frames.

    Args:
        width: channels C of the features.
        grid: side of the stride-16 feature map.
        memory_width: channels Cm of a memory; divides `width`.
        num_layers: layers of the memory attention.
        feed_forward: hidden width of its MLPs.
        num_frames: memories read.
        num_pointers: object pointers read.
        dropout: in training.
    """

    _feature_position: Tensor
    _memory_position: Tensor

    def __init__(
        self,
        *,
        width: int,
        grid: int,
        memory_width: int,
        num_layers: int,
        feed_forward: int,
        num_frames: int,
        num_pointers: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.attention = MemoryAttention(
            width=width,
            memory_width=memory_width,
            grid=grid,
            num_layers=num_layers,
            feed_forward=feed_forward,
            dropout=dropout,
        )
        self.encoder = _memory_encoder(width=width, memory_width=memory_width)
        # One code more than there are memories: the published state dict has it, though nothing reads it.
        self.temporal_code = nn.Parameter(torch.zeros(num_frames + 1, 1, 1, memory_width))
        self.no_memory = nn.Parameter(torch.zeros(1, 1, width))
        self.width, self.num_frames, self.num_pointers = memory_width, num_frames, num_pointers
        # SAM 2 adds a tenth of the position to the features it conditions.
        self.register_buffer("_feature_position", 0.1 * _positions(width, grid), persistent=False)
        self.register_buffer("_memory_position", _positions(memory_width, grid), persistent=False)
        self._aged_positions: Derived[Tensor] = Derived()
        nn.init.trunc_normal_(self.temporal_code, std=0.02)
        nn.init.trunc_normal_(self.no_memory, std=0.02)

    def new_bank(self) -> MemoryBank:
        """Empty bank of the right length."""
        return MemoryBank(self.num_frames, self.num_pointers)

    def without_memory(self, features: Tensor) -> Tensor:
        """Mark `features [B, C, h, w]` as not conditioned on any memory."""
        return features + self.no_memory.transpose(1, 2)[..., None]

    def condition(self, features: Tensor, bank: MemoryBank) -> Tensor:
        """Read the memories into `features [B, C, h, w]`; same shape out.

        A memory j frames old carries temporal code j-1; object pointers are split into tokens as wide
        as the memory and carry no position.
        """
        if not len(bank):
            return self.without_memory(features)
        pointers = torch.cat([p.unflatten(1, (-1, self.width)) for p in bank.pointers], dim=1)
        positions = self._aged_positions.get(self._age, [self._memory_position, self.temporal_code])
        memory = MemoryTokens(torch.stack(bank.features, dim=1), positions[-len(bank) :], pointers)
        out: Tensor = self.attention(features.flatten(2).transpose(1, 2) + self._feature_position, memory)
        return out.transpose(1, 2).unflatten(2, features.shape[-2:])

    def _age(self) -> Tensor:
        """Positions of the tokens of memories `num_frames` to 1 frames old: `[num_frames, hw, Cm]`."""
        return self._memory_position + self.temporal_code[: self.num_frames].flip(0)[:, 0]

    def write(self, features: Tensor, mask: Tensor) -> Tensor:
        """Encode `features [B, C, h, w]` with mask logits `[B, 1, S, S]` into a memory `[B, hw, Cm]`."""
        scaled = mask.sigmoid() * MASK_SCALE + MASK_BIAS
        # The encoder's own forward would also encode positions, which are already known.
        encoder = self.encoder
        x = encoder.pix_feat_proj(features) + encoder.mask_downsampler(scaled)
        out: Tensor = encoder.out_proj(encoder.fuser(x))
        return out.flatten(2).transpose(1, 2)
