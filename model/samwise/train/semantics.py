"""Naming the kind and colour of every pixel, and its motion, which teaches the miniature to see.

The published model starts from a SAM 2 that was trained on a billion masks. A stand-in for it that learned
from sentences alone would be told of one object a sentence; semantic segmentation tells it of all of them.
The heads are thrown away afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.cmt_adapter import CMTAdapter
from samwise.fusion import Fusion
from samwise.model import ClipFeatures
from samwise.train.batch import Batch
from samwise.train.stages import EARLY
from samwise.world.motion import CLAIMS
from samwise.world.objects import KINDS
from samwise.world.palette import COLOURS

UNIT = 16.0
"""Pixels that make a shift of 1."""


@contextmanager
def watch_attention(fusion: Fusion) -> Iterator[list[Tensor]]:
    """Collect what HSA of each adapter says, `[V or B, T, H, W, C]`, while a clip is encoded."""
    said: list[Tensor] = []
    layers = [a.hsa for a in fusion.adapters if isinstance(a, CMTAdapter) and a.hsa is not None]
    handles = [x.register_forward_hook(lambda _layer, _args, out: said.append(out)) for x in layers]
    try:
        yield said
    finally:
        for handle in handles:
            handle.remove()


class MovementHead(nn.Module):
    """Says of every place what moves there, and how far it has come.

    Args:
        width: channels C of the features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 1), nn.GELU(), nn.Conv2d(width, width, 3, padding=1), nn.GELU()
        )
        self.motion = nn.Conv2d(width, 1 + len(CLAIMS), 1)
        self.shift = nn.Conv2d(width, 2, 1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of motions `[N, 1 + claims, h, w]` and ways `[N, 2, h, w]` of features `[N, C, h, w]`."""
        body = self.body(features)
        return self.motion(body), self.shift(body)


class Movement(nn.Module):
    """Heads on what HSA says in each adapter.

    Args:
        width: channels C of the adapters.
        adapters: their number.
    """

    def __init__(self, width: int, adapters: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(MovementHead(width) for _ in range(adapters))

    def losses(self, attended: Sequence[Tensor], batch: Batch) -> dict[str, Tensor]:
        """Losses by name, each the mean over the adapters.

        * `motion`: cross-entropy of what each pixel's object does;
        * `shift`: smooth L1 distance, in units of 16 pixels, to how far it has come lately. That shows at
          once, while many motions take their time to tell, and is learned first.

        Args:
            attended: from `watch_attention`.
            batch: of these videos; of each, what HSA says to the first sentence is read.

        Raises:
            ValueError: if the batch lacks the truth.
        """
        semantics, shifts = _known(batch.semantics), _known(batch.shifts)
        length = batch.frames.shape[1]
        late = torch.arange(len(batch.frames) * length, device=semantics.device) % length >= EARLY
        motions, ways = [], []
        for head, said in zip(self.heads, attended, strict=True):
            features = said[:: len(said) // len(batch.frames)].flatten(0, 1).movedim(-1, 1)
            claims = at_places(semantics, features)[late, 2].long()
            truth = at_places(shifts, features)[late] / UNIT
            named, way = head(features[late])
            motions.append(balanced_cross_entropy(named, claims))
            distance = F.smooth_l1_loss(way.float(), truth, reduction="none", beta=0.5).sum(dim=1)
            ways.append(balanced(distance, claims > 0))
        return {"motion": torch.stack(motions).mean(), "shift": torch.stack(ways).mean()}


class Semantics(nn.Module):
    """Heads on what the image encoder hands to the decoder.

    Args:
        width: channels C of the decoder.
    """

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

    def loss(self, clip: ClipFeatures, batch: Batch) -> Tensor:
        """Cross-entropy of kinds plus that of colours, at stride 8.

        Args:
            clip: features of V videos as B sentences see them; of each video the first sentence's are read.
            batch: of these videos.

        Raises:
            ValueError: if the batch lacks the truth.
        """
        each = slice(None, None, len(clip.rho) // len(batch.frames))
        fine, middle, coarse = (x[each].flatten(0, 1) for x in (clip.stride4, clip.stride8, clip.stride16))
        levels = [F.avg_pool2d(fine, 2), middle, F.interpolate(coarse, scale_factor=2.0, mode="bilinear")]
        features = self.merge(torch.cat(levels, dim=1))
        truth = at_places(_known(batch.semantics), features).long()
        kind = balanced_cross_entropy(self.kind(features), truth[:, 0])
        return kind + balanced_cross_entropy(self.colour(features), truth[:, 1])


def _known(truth: Tensor | None) -> Tensor:
    if truth is None:
        raise ValueError("the batch has no semantics; only stages with that loss ask the data set for them")
    return truth


def at_places(truth: Tensor, features: Tensor) -> Tensor:
    """What is true `[V, T, K, S, S]` where features `[V * T, C, h, w]` are centred: `[V * T, K, h, w]`."""
    stride = truth.shape[-1] // features.shape[-1]
    return truth.flatten(0, 1)[..., stride // 2 :: stride, stride // 2 :: stride]


def balanced_cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy averaged over the pixels of objects and over those of the background, half each.

    Args:
        logits: `[N, K, H, W]`.
        truth: long `[N, H, W]`, 0 on the background.
    """
    return balanced(F.cross_entropy(logits.float(), truth, reduction="none"), truth > 0)


def balanced(losses: Tensor, objects: Tensor) -> Tensor:
    """The mean over the pixels of objects and that over the others, half each; both `[N, H, W]`."""
    thing = objects.to(losses.dtype)
    inside = (losses * thing).sum() / thing.sum().clamp(min=1)
    outside = (losses * (1 - thing)).sum() / (1 - thing).sum().clamp(min=1)
    return (inside + outside) / 2
