"""Axial rotary position embedding, in real numbers (SAM 2's RoPE, RoFormer arXiv 2104.09864)."""

from __future__ import annotations

import torch
from torch import Tensor

BASE = 10000.0


def rotary_table(grid: int, width: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the angles by which a grid's tokens are rotated.

    Args:
        grid: side of the square feature map; its tokens are row-major.
        width: channels C, a multiple of 4; half of the channel pairs rotate with x, half with y.

    Returns:
        Two float32 tensors `[grid * grid, C / 2]`.
    """
    frequency = 1.0 / BASE ** (torch.arange(0, width, 4).float() / width)
    token = torch.arange(grid * grid)
    x, y = (token % grid).float(), torch.div(token, grid, rounding_mode="floor").float()
    angle = torch.cat((torch.outer(x, frequency), torch.outer(y, frequency)), dim=1)
    return angle.cos(), angle.sin()


def halves(projection: Tensor) -> Tensor:
    """Reorder the output channels of a weight `[C, D]` or bias `[C]` as `rotate` expects them.

    The published weights rotate channels 2i and 2i+1 together; here the first of all pairs come first, then
    the second ones. Queries and keys reordered in the same way keep their products.
    """
    return torch.cat((projection[0::2], projection[1::2]))


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate `x [..., L, C]`, channels ordered by `halves`, by the angles of `[L, C / 2]`; in float32."""
    first, second = x.float().chunk(2, dim=-1)
    turned = torch.cat((first * cos - second * sin, first * sin + second * cos), dim=-1)
    return turned.to(x.dtype)
