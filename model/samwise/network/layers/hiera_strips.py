"""Hiera's windowed blocks over strips of the image, so that their intermediates stay small.

Everything in such a block happens within a token or within a window. Strips of whole windows give the same
result, with intermediates that fit into a CPU's caches; those of a whole image do not, and cost a page fault
for every 4 KiB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from sam2.modeling.backbones.hieradet import MultiScaleBlock
from torch import Tensor

TOKENS = 4096
"""Roughly how many there are in a strip."""


def run_blocks(blocks: Sequence[MultiScaleBlock], x: Tensor) -> Tensor:
    """Run consecutive blocks on `x [N, H, W, C]`; same as calling them one after the other."""
    if torch.is_grad_enabled() or x.device.type != "cpu" or math.prod(x.shape[:3]) <= TOKENS:
        return _chain(blocks, x)
    if len(x) > 1:
        return torch.cat([run_blocks(blocks, one) for one in x.split(1)])
    start = 0
    while start < len(blocks):
        end = start + 1
        if blocks[start].window_size:
            while end < len(blocks) and blocks[end].window_size:
                end += 1
            x = _in_strips(blocks[start:end], x)
        else:
            x = _chain(blocks[start:end], x)
        start = end
    return x


def _in_strips(blocks: Sequence[MultiScaleBlock], x: Tensor) -> Tensor:
    unit = _whole_windows(blocks)
    rows = max(1, TOKENS // (x.shape[2] * unit)) * unit
    return torch.cat([_chain(blocks, strip) for strip in x.split(rows, dim=1)], dim=1)


def _whole_windows(blocks: Sequence[MultiScaleBlock]) -> int:
    """Fewest rows of the input that hold whole windows of all these blocks."""
    rows, scale = 1, 1
    for block in blocks:
        rows = math.lcm(rows, block.window_size * scale)
        scale *= block.q_stride[0] if block.q_stride else 1
    return rows


def _chain(blocks: Sequence[MultiScaleBlock], x: Tensor) -> Tensor:
    for block in blocks:
        x = block(x)
    return x
