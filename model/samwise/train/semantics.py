"""Naming the kind, the colour and the motion of every pixel, which teaches the miniature to see.

The published model starts from a SAM 2 that was trained on a billion masks. A stand-in for it that learned
from sentences alone would be told of one object a sentence; semantic segmentation tells it of all of them.
The heads are thrown away afterwards.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.model import ClipFeatures
from samwise.world.motion import CLAIMS
from samwise.world.objects import KINDS
from samwise.world.palette import COLOURS

EARLY = 2
"""Frames of a clip before anybody could tell how something moves."""


class Semantics(nn.Module):
    """Heads on what the image encoder hands to the decoder.

    Args:
        width: channels C of the decoder.
        motion: whether to name motions, too, which takes features that know of earlier frames.
    """

    def __init__(self, width: int, motion: bool) -> None:
        super().__init__()
        self.merge = nn.Sequential(
            nn.Conv2d(width + width // 4 + width // 8, width, 1),
            nn.BatchNorm2d(width),
            nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.BatchNorm2d(width),
            nn.GELU(),
        )
        self.kind, self.colour = (nn.Conv2d(width, 1 + len(names), 1) for names in (KINDS, COLOURS))
        self.motion = nn.Conv2d(width, 1 + len(CLAIMS), 1) if motion else None

    def loss(self, clip: ClipFeatures, semantics: Tensor) -> Tensor:
        """Cross-entropy of kinds plus that of colours, and perhaps of motions, at stride 8.

        Args:
            clip: features of V videos as B sentences see them; of each video the first sentence's are read.
            semantics: truth, uint8 `[V, T, 3, S, S]` as in `Batch`.
        """
        each = slice(None, None, len(clip.rho) // len(semantics))
        fine, middle, coarse = (x[each].flatten(0, 1) for x in (clip.stride4, clip.stride8, clip.stride16))
        levels = [F.avg_pool2d(fine, 2), middle, F.interpolate(coarse, scale_factor=2.0, mode="bilinear")]
        features = self.merge(torch.cat(levels, dim=1))
        stride = semantics.shape[-1] // features.shape[-1]
        truth = semantics.flatten(0, 1)[..., stride // 2 :: stride, stride // 2 :: stride].long()
        kind = balanced_cross_entropy(self.kind(features), truth[:, 0])
        colour = balanced_cross_entropy(self.colour(features), truth[:, 1])
        if self.motion is None:
            return kind + colour
        length = semantics.shape[1]
        late = torch.arange(len(truth), device=truth.device) % length >= min(EARLY, length - 1)
        return kind + colour + balanced_cross_entropy(self.motion(features[late]), truth[late, 2])


def balanced_cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy averaged over the pixels of objects and over those of the background, half each.

    Args:
        logits: `[N, K, H, W]`.
        truth: long `[N, H, W]`, 0 on the background.
    """
    entropy = F.cross_entropy(logits.float(), truth, reduction="none")
    thing = (truth > 0).to(entropy.dtype)
    objects = (entropy * thing).sum() / thing.sum().clamp(min=1)
    background = (entropy * (1 - thing)).sum() / (1 - thing).sum().clamp(min=1)
    return (objects + background) / 2
