"""SAM 2's memory attention and memory encoder (settings of the SAM 2.0 release)."""

from __future__ import annotations

import torch
from sam2.modeling.memory_attention import MemoryAttention, MemoryAttentionLayer
from sam2.modeling.memory_encoder import CXBlock, Fuser, MaskDownSampler, MemoryEncoder
from sam2.modeling.position_encoding import PositionEmbeddingSine
from sam2.modeling.sam.transformer import RoPEAttention
from torch import Tensor, nn

from samwise.memory_bank import MemoryBank

MASK_SCALE, MASK_BIAS = 20.0, -10.0
"""A mask probability p enters the memory encoder as `20 p - 10` (SAM 2 configuration)."""


def _memory_attention(
    width: int, grid: int, memory_width: int, num_layers: int, feed_forward: int, dropout: float
) -> MemoryAttention:
    def rope(**kwargs: int | bool) -> RoPEAttention:
        return RoPEAttention(
            embedding_dim=width,
            num_heads=1,
            downsample_rate=1,
            dropout=dropout,
            rope_theta=10000.0,
            feat_sizes=(grid, grid),
            **kwargs,
        )

    layer = MemoryAttentionLayer(
        activation="relu",
        d_model=width,
        dim_feedforward=feed_forward,
        dropout=dropout,
        pos_enc_at_attn=False,
        pos_enc_at_cross_attn_keys=True,
        pos_enc_at_cross_attn_queries=False,
        self_attention=rope(),
        cross_attention=rope(rope_k_repeat=True, kv_in_dim=memory_width),
    )
    return MemoryAttention(d_model=width, pos_enc_at_input=True, layer=layer, num_layers=num_layers)


def _memory_encoder(width: int, memory_width: int) -> MemoryEncoder:
    # The layer scale only matters where weights are trained from scratch; SAM 2's 1e-6 would keep the
    # fuser asleep during a short training.
    block = CXBlock(dim=width, kernel_size=7, padding=3, layer_scale_init_value=0.1, use_dwconv=True)
    return MemoryEncoder(
        out_dim=memory_width,
        in_dim=width,
        mask_downsampler=MaskDownSampler(embed_dim=width, kernel_size=3, stride=2, padding=1),
        fuser=Fuser(block, num_layers=2),
        position_encoding=PositionEmbeddingSine(memory_width),
    )


class Memory(nn.Module):
    """Writes frames into memories and reads memories into frames.

    Args:
        width: channels C of the features.
        grid: side of the stride-16 feature map.
        memory_width: channels Cm of a memory; divides `width`.
        num_layers: of the memory attention.
        feed_forward: hidden width of its MLPs.
        num_frames: memories read.
        num_pointers: object pointers read.
        dropout: in training.
    """

    def __init__(
        self,
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
        self.attention = _memory_attention(width, grid, memory_width, num_layers, feed_forward, dropout)
        self.encoder = _memory_encoder(width, memory_width)
        # One code more than there are memories: the published state dict has it, and never reads it.
        self.temporal_code = nn.Parameter(torch.zeros(num_frames + 1, 1, 1, memory_width))
        self.no_memory = nn.Parameter(torch.zeros(1, 1, width))
        self.width, self.num_frames, self.num_pointers = memory_width, num_frames, num_pointers
        self._feature_position = PositionEmbeddingSine(width)
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
        memory_position = self.encoder.position_encoding(features[:1]).flatten(2).transpose(1, 2)
        ages = range(len(bank), 0, -1)
        positions = [memory_position + self.temporal_code[age - 1] for age in ages]
        pointers = torch.cat([p.unflatten(1, (-1, self.width)) for p in bank.pointers], dim=1)
        positions.append(torch.zeros_like(pointers[:1]))
        memory = torch.cat([*bank.features, pointers], dim=1)
        position = torch.cat(positions, dim=1).expand(memory.shape[0], -1, -1)
        out: Tensor = self.attention(
            curr=features.flatten(2).permute(2, 0, 1),
            curr_pos=self._feature_position(features).flatten(2).permute(2, 0, 1),
            memory=memory.transpose(0, 1),
            memory_pos=position.transpose(0, 1),
            num_obj_ptr_tokens=pointers.shape[1],
        )
        return out.permute(1, 2, 0).unflatten(2, features.shape[-2:])

    def write(self, features: Tensor, mask: Tensor) -> Tensor:
        """Encode `features [B, C, h, w]` with mask logits `[B, 1, S, S]` into a memory `[B, hw, Cm]`."""
        scaled = mask.sigmoid() * MASK_SCALE + MASK_BIAS
        out: Tensor = self.encoder(features, scaled, skip_mask_sigmoid=True)["vision_features"]
        return out.flatten(2).transpose(1, 2)
