"""The auxiliary heads. A new one is a file of its own, a line here, and the weights of its losses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from samwise.network.samwise import ClipFeatures, Samwise
from samwise.train.auxiliary.head import Head
from samwise.train.auxiliary.movement import Movement
from samwise.train.auxiliary.semantics import Semantics
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.samples.batch import Batch

KINDS: tuple[type[Head], ...] = (Semantics, Movement)


class Heads(nn.ModuleDict):
    """Those of the auxiliary heads that have a loss with a weight, by name.

    Args:
        model: whose features they look at.
        weights: of the losses.
        seed: of their parameters, the same for each of them.

    Raises:
        ConfigurationError: if the model lacks what a head looks at.
    """

    def __init__(self, model: Samwise, weights: LossWeights, seed: int) -> None:
        super().__init__()
        self._weights = weights
        for kind in KINDS:
            if any(getattr(weights, name) for name in kind.LOSSES):
                torch.manual_seed(seed)
                self[kind.NAME] = kind.of(model)

    @contextmanager
    def watching(self, model: Samwise) -> Iterator[dict[str, Any]]:
        """What each head sees, by its name, while a clip is encoded."""
        with ExitStack() as stack:
            yield {head.NAME: stack.enter_context(head.watch(model)) for head in self._heads()}

    def losses(self, clip: ClipFeatures, batch: Batch, seen: dict[str, Any]) -> dict[str, Tensor]:
        """The weighted losses of all heads by name; see `Head.losses`."""
        found: dict[str, Tensor] = {}
        for head in self._heads():
            told = head.losses(clip, batch, seen[head.NAME])
            found |= {name: getattr(self._weights, name) * told[name] for name in head.LOSSES}
        return found

    def _heads(self) -> Iterator[Head]:
        for head in self.values():
            assert isinstance(head, Head)
            yield head
