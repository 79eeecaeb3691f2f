"""1x1 convolutions as products over the channels: alone, composed, or with a BatchNorm folded in."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Pointwise:
    """y = W x + b at every position.

    Attributes:
        weight: `[D, C]`.
        bias: `[D]`.
    """

    weight: Tensor
    bias: Tensor | None

    @staticmethod
    def of(conv: nn.Conv2d) -> Pointwise:
        """The parameters of a 1x1 convolution."""
        return Pointwise(conv.weight.flatten(1), conv.bias)

    def __call__(self, x: Tensor) -> Tensor:
        """`[N, C, H, W]` to `[N, D, H, W]`. Nothing is copied where the channels of `x` are innermost."""
        return F.linear(x.movedim(1, -1), self.weight, self.bias).movedim(-1, 1)


def compose(first: nn.Conv2d, second: nn.Conv2d) -> Pointwise:
    """One 1x1 convolution equal to two with biases applied one after the other."""
    inner, outer = Pointwise.of(first), Pointwise.of(second)
    assert inner.bias is not None and outer.bias is not None
    weight = outer.weight.float()
    return Pointwise(weight @ inner.weight.float(), weight @ inner.bias.float() + outer.bias.float())


def folded(weight: Tensor, norm: nn.BatchNorm2d) -> Pointwise:
    """A product with `weight [D, C]`, followed by a BatchNorm in evaluation mode."""
    assert norm.running_mean is not None and norm.running_var is not None
    gain = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    return Pointwise(weight.float() * gain[:, None], norm.bias - norm.running_mean * gain)


def double_size(conv: nn.ConvTranspose2d, x: Tensor) -> Tensor:
    """A transposed convolution with kernel size and stride 2, `[N, C, H, W]` to `[N, D, 2H, 2W]`.

    Its outputs do not overlap: it is a product whose four results lie next to each other.
    """
    weight = conv.weight.permute(2, 3, 1, 0).flatten(0, 2)  # 2 2 D, C
    four = F.linear(x.movedim(1, -1), weight).unflatten(-1, (2, 2, -1))  # N H W 2 2 D
    if conv.bias is not None:
        four = four + conv.bias
    return four.transpose(2, 3).flatten(3, 4).flatten(1, 2).movedim(-1, 1)
