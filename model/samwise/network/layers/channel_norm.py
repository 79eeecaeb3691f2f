"""LayerNorm over the channels of images, with torch's fused kernel."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from sam2.modeling.sam2_utils import LayerNorm2d
from torch import Tensor, nn


class ChannelNorm(nn.Module):
    """What sam2's `LayerNorm2d` computes in seven passes over the image; same parameters.

    Args:
        width: number of channels.
        eps: added to the variance.
    """

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the channels of `[N, C, H, W]`."""
        return F.layer_norm(x.movedim(1, -1), (x.shape[1],), self.weight, self.bias, self.eps).movedim(-1, 1)


def fuse_channel_norms(module: nn.Module) -> None:
    """Replace every `LayerNorm2d` inside a module by a `ChannelNorm`."""
    for parent in list(module.modules()):
        for name, part in parent.named_children():
            if isinstance(part, LayerNorm2d):
                fused = ChannelNorm(part.weight.shape[0], part.eps)
                fused.load_state_dict(part.state_dict())
                setattr(parent, name, fused)
