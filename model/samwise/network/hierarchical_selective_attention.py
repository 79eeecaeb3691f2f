"""Hierarchical Selective Attention: self-attention over space and time inside windows (paper section 3.2)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from samwise.network.layers.attention import MultiHeadAttention
from samwise.state.temporal_cache import AdapterRing, Slot

ALIKE = 1.8
"""How sharply a fresh attention separates what looks alike from the rest."""


def time_codes(num_frames: int, width: int, device: torch.device) -> Tensor:
    """Sine codes `[T, C]` of the frames of a clip, normalised by the clip's length."""
    position = (torch.arange(num_frames, device=device) + 1) / (num_frames + 1e-6) * 2 * math.pi
    channel = torch.arange(width, device=device)
    frequency = 10000 ** (2 * torch.div(channel, 2, rounding_mode="floor") / width)
    angle = position[:, None] / frequency
    return torch.stack((angle[:, 0::2].sin(), angle[:, 1::2].cos()), dim=2).flatten(1)


def place_codes(patch: int, width: int) -> Tensor:
    """Codes `[P * P, C]` of the places in a window: sines and cosines of x and y over four octaves."""
    frequency = math.pi / patch * 2.0 ** torch.linspace(-1, 2, -(-width // 4))
    angle = torch.arange(patch)[:, None] * frequency
    waves = torch.cat((angle.sin(), angle.cos()), dim=1)
    across, down = waves[None].expand(patch, -1, -1), waves[:, None].expand(-1, patch, -1)
    return torch.cat((across, down), dim=2).flatten(0, 1)[:, :width]


def to_windows(x: Tensor, patch: int) -> Tensor:
    """Cut `[B, T, H, W, C]` into `[B, N, T, P*P, C]`, N windows of P x P tokens, both row-major."""
    x = x.unflatten(2, (-1, patch)).unflatten(4, (-1, patch))  # B T h P w P C
    return x.permute(0, 2, 4, 1, 3, 5, 6).flatten(4, 5).flatten(1, 2)


def from_windows(x: Tensor, patch: int, height: int, width: int) -> Tensor:
    """Inverse of `to_windows`: `[B, T, H, W, C]`."""
    x = x.unflatten(1, (height // patch, width // patch)).unflatten(4, (patch, patch))  # B h w T P P C
    return x.permute(0, 3, 1, 4, 2, 5, 6).flatten(4, 5).flatten(2, 3)


class HierarchicalSelectiveAttention(nn.Module):
    """Every token attends to the tokens of its window in all frames.

    Args:
        width: channels C.
        num_heads: attention heads.
        patch: window side P in tokens.
        clip_length: T of causal mode; clip mode takes the length of the clip it is given.
        dropout: on attention weights, in training.

    Attributes:
        active: if False, it contributes nothing. The official recipe trains on single images that way; for a
            trained model without HSA see `samwise.network.without_parts`.
    """

    def __init__(self, *, width: int, num_heads: int, patch: int, clip_length: int, dropout: float) -> None:
        super().__init__()
        self.patch, self.clip_length = patch, clip_length
        self.active = True
        self.spatial_code = nn.Parameter(place_codes(patch, width))
        self.norm = nn.LayerNorm(width)
        self.attention = MultiHeadAttention(width, num_heads, dropout)
        self.linear = nn.Linear(width, width)
        # When fresh, it attends to what looks alike and is near: to where a thing is in the other frames.
        # Unrelated queries and keys, or faint place codes, make motion far slower to learn.
        self.attention.relate_alike(ALIKE)

    def forward(self, x: Tensor, causal: bool = False, phase: int = 0) -> Tensor:
        """Attend over a whole clip `[B, T, H, W, C]`; same shape out.

        With `causal`, a frame attends to itself and earlier ones, and frame t carries the code
        `(t + phase) mod clip_length`, as it does when streaming.
        """
        if not self.active:
            return torch.zeros_like(x)
        frames, height, width = x.shape[1:4]
        if causal:
            order = (torch.arange(frames, device=x.device) + phase) % self.clip_length
            codes = time_codes(self.clip_length, x.shape[-1], x.device)[order]
        else:
            codes = time_codes(frames, x.shape[-1], x.device)
        windows = self._normalised_windows(x, codes[:, None, None])
        mask = block_causal_mask(frames, self.patch**2, x.device) if causal else None
        batch, number = windows.shape[:2]
        tokens = windows.flatten(2, 3).flatten(0, 1)
        out = self.linear(self.attention(tokens, tokens, mask))
        out = out.unflatten(0, (batch, number)).unflatten(2, (frames, -1))
        return from_windows(out, self.patch, height, width)

    def stream(self, x: Tensor, slot: Slot, ring: AdapterRing) -> Tensor:
        """Attend from one frame `[B, 1, H, W, C]` over it and the cached earlier ones; same shape out."""
        if not self.active:
            return torch.zeros_like(x)
        height, width = x.shape[2:4]
        code = time_codes(self.clip_length, x.shape[-1], x.device)[slot]
        windows = self._normalised_windows(x, code.reshape(-1, 1, 1, 1, x.shape[-1]))
        batch, number = windows.shape[:2]
        tokens = windows.flatten(2, 3).flatten(0, 1)
        key, value = self.attention.key_value(tokens)
        keys = ring.keys.store(slot, key).flatten(2, 3)
        values = ring.values.store(slot, value).flatten(2, 3)
        out = self.linear(self.attention.attend(self.attention.query(tokens), keys, values))
        out = out.unflatten(0, (batch, number))[:, :, None]
        return from_windows(out, self.patch, height, width)

    def _normalised_windows(self, x: Tensor, codes: Tensor) -> Tensor:
        """Windows of `x [B, T, H, W, C]` with time `codes` that broadcast to it."""
        coded = x + codes.to(x.dtype)
        return self.norm(to_windows(coded, self.patch) + self.spatial_code)


def block_causal_mask(num_frames: int, tokens_per_frame: int, device: torch.device) -> Tensor:
    """Boolean `[T*P, T*P]`, True where a token may attend: its own frame and earlier ones."""
    frame = torch.arange(num_frames, device=device).repeat_interleave(tokens_per_frame)
    return frame[:, None] >= frame[None, :]
