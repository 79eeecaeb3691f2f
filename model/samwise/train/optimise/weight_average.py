"""Exponential moving average of the weights: what is validated and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class WeightAverage:
    """Follows a module's floating-point parameters and buffers.

    Running statistics of batch normalisation are averaged too: with few scenes in a batch they are noisy.

    Args:
        module: to follow; the average starts from its current values.
        decay: share of the average kept at each update, in [0, 1). Early updates keep less, so that the
            initial weights are soon forgotten.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self._module, self._decay, self._updates = module, decay, 0
        self._average = {name: x.detach().clone() for name, x in self._followed().items()}

    @torch.no_grad()
    def update(self) -> None:
        """Move the average towards the module's current values."""
        self._updates += 1
        decay = min(self._decay, self._updates / (self._updates + 10))
        torch._foreach_lerp_(list(self._average.values()), list(self._followed().values()), 1 - decay)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Within the context the module holds the average; afterwards its own values again."""
        own = {name: x.detach().clone() for name, x in self._followed().items()}
        self._copy(self._average)
        try:
            yield
        finally:
            self._copy(own)

    def restart(self) -> None:
        """Forget the past: the average becomes the module's current values."""
        self._updates = 0
        for name, x in self._followed().items():
            self._average[name].copy_(x)

    def apply(self) -> None:
        """Put the average into the module, for good."""
        self._copy(self._average)

    def state_dict(self) -> dict[str, object]:
        """What `load_state_dict` needs to continue."""
        return {"updates": self._updates, "average": self._average}

    def load_state_dict(self, state: Mapping[str, object]) -> None:
        """Continue from a `state_dict`."""
        updates, average = state["updates"], state["average"]
        assert isinstance(updates, int) and isinstance(average, dict)
        self._updates = updates
        for name, x in self._average.items():
            x.copy_(average[name])

    def _followed(self) -> dict[str, Tensor]:
        return {name: x for name, x in self._module.state_dict().items() if x.is_floating_point()}

    @torch.no_grad()
    def _copy(self, values: Mapping[str, Tensor]) -> None:
        for name, x in self._followed().items():
            x.copy_(values[name])
