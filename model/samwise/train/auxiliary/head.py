"""What an auxiliary head is: a module with losses that it names, thrown away after training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from torch import Tensor, nn

from samwise.network.samwise import ClipFeatures, Samwise
from samwise.train.samples.batch import Batch


class Head(nn.Module, ABC):
    """Learns something from the features of a clip, and thereby teaches it to them.

    Attributes:
        NAME: of the head, where its weights are kept in a run's state.
        LOSSES: names of its losses, which are those of their weights in `LossWeights`.
    """

    NAME: ClassVar[str]
    LOSSES: ClassVar[tuple[str, ...]]

    @classmethod
    @abstractmethod
    def of(cls, model: Samwise) -> Head:
        """A fresh head for a model.

        Raises:
            ConfigurationError: if the model lacks what the head looks at.
        """

    def watch(self, model: Samwise) -> AbstractContextManager[Any]:
        """What the head wants to see of the model while a clip is encoded, besides the clip's features."""
        return nullcontext()

    @abstractmethod
    def losses(self, clip: ClipFeatures, batch: Batch, seen: Any) -> dict[str, Tensor]:
        """Its losses, by name, without their weights.

        Args:
            clip: features of V videos as B sentences see them.
            batch: of these videos.
            seen: what `watch` gave.

        Raises:
            ValueError: if the batch lacks the truth.
        """
