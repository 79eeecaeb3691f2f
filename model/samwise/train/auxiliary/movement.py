"""Telling from what HSA says how every pixel moves, which teaches it to compare frames.

Masks of sentences alone reach HSA through a gate and the rest of the image encoder, and teach it next to
nothing of motion. The heads are thrown away afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.errors import ConfigurationError
from samwise.network.cmt_adapter import CMTAdapter
from samwise.network.fusion import Fusion
from samwise.network.samwise import ClipFeatures, Samwise
from samwise.train.auxiliary.dense_labels import at_places, balanced, balanced_cross_entropy, known
from samwise.train.auxiliary.head import Head
from samwise.train.recipe.stage import EARLY
from samwise.train.samples.batch import Batch
from samwise.world.scene.motion import CLAIMS

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
    """Tells for every place what moves there, and how far it has come.

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


class Movement(Head):
    """Heads on what HSA says in each adapter.

    Args:
        width: channels C of the adapters.
        adapters: their number.
    """

    NAME: ClassVar[str] = "movement"
    LOSSES: ClassVar[tuple[str, ...]] = ("shift", "motion")

    def __init__(self, width: int, adapters: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(MovementHead(width) for _ in range(adapters))

    @classmethod
    def of(cls, model: Samwise) -> Movement:
        """Fresh heads for a model.

        Raises:
            ConfigurationError: if the model has no HSA.
        """
        adapter = model.config.adapter
        if not adapter.hsa:
            raise ConfigurationError(
                "the losses `shift` and `motion` ask HSA, which the model does not have; leave them out"
            )
        return cls(adapter.width, len(adapter.patches))

    def watch(self, model: Samwise) -> AbstractContextManager[list[Tensor]]:
        """What HSA of each adapter says."""
        return watch_attention(model.fusion)

    def losses(self, clip: ClipFeatures | None, batch: Batch, seen: Sequence[Tensor]) -> dict[str, Tensor]:
        """Losses by name, each the mean over the adapters.

        * `motion`: cross-entropy of what each pixel's object does;
        * `shift`: smooth L1 distance, in units of 16 pixels, to how far it has come lately. That shows
          at once, while many motions take time to tell apart, and is learned first.

        Args:
            clip: ignored.
            batch: of these videos; for each, what HSA says about the first sentence is used.
            seen: from `watch`.

        Raises:
            ValueError: if the batch lacks the truth.
        """
        semantics, shifts = known(batch.semantics), known(batch.shifts)
        length = batch.frames.shape[1]
        late = torch.arange(len(batch.frames) * length, device=semantics.device) % length >= EARLY
        motions, ways = [], []
        for head, said in zip(self.heads, seen, strict=True):
            features = said[:: len(said) // len(batch.frames)].flatten(0, 1).movedim(-1, 1)
            claims = at_places(semantics, features)[late, 2].long()
            truth = at_places(shifts, features)[late] / UNIT
            named, way = head(features[late])
            motions.append(balanced_cross_entropy(named, claims))
            distance = F.smooth_l1_loss(way.float(), truth, reduction="none", beta=0.5).sum(dim=1)
            ways.append(balanced(distance, claims > 0))
        return {"motion": torch.stack(motions).mean(), "shift": torch.stack(ways).mean()}
