"""Naming the kind and the colour of every pixel, which teaches the miniature to see.

The published model starts from a SAM 2 that was trained on a billion masks. A stand-in for it that learned
from sentences alone would hear of one object per sentence; semantic segmentation tells it of all of them.
The heads are thrown away afterwards.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.network.samwise import ClipFeatures, Samwise
from samwise.train.auxiliary.dense_labels import at_places, balanced_cross_entropy, known
from samwise.train.auxiliary.head import Head
from samwise.train.samples.batch import Batch
from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS


class Semantics(Head):
    """Heads on what the image encoder hands to the decoder.

    Args:
        width: channels C of the decoder.
    """

    NAME: ClassVar[str] = "semantics"
    LOSSES: ClassVar[tuple[str, ...]] = ("semantics",)

    def __init__(self, width: int) -> None:
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

    @classmethod
    def of(cls, model: Samwise) -> Semantics:
        """Fresh heads for a model."""
        return cls(model.config.width)

    def losses(self, clip: ClipFeatures, batch: Batch, seen: Any = None) -> dict[str, Tensor]:
        """Cross-entropy of kinds plus that of colours, at stride 8.

        Args:
            clip: features of V videos as B sentences see them; those of each video's first sentence are used.
            batch: of these videos.
            seen: ignored.

        Raises:
            ValueError: if the batch lacks the truth.
        """
        each = slice(None, None, len(clip.rho) // len(batch.frames))
        fine, middle, coarse = (x[each].flatten(0, 1) for x in (clip.stride4, clip.stride8, clip.stride16))
        levels = [F.avg_pool2d(fine, 2), middle, F.interpolate(coarse, scale_factor=2.0, mode="bilinear")]
        features = self.merge(torch.cat(levels, dim=1))
        truth = at_places(known(batch.semantics), features).long()
        kind = balanced_cross_entropy(self.kind(features), truth[:, 0])
        return {"semantics": kind + balanced_cross_entropy(self.colour(features), truth[:, 1])}
