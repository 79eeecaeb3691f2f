"""What a text encoder must do: run in as many steps as Hiera has stages (paper section 3.2)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class TextFeatures:
    """Sentences on their way through the text encoder.

    Attributes:
        tokens: `[B, L, D]`.
        padding: bool `[B, L]`, True at padding.
        motion: bool `[B, L]`, True at tokens of verbs.
        sentence: long `[B]`, position of the token that stands for the sentence.
        moving: indices of the sentences that have a verb, in order.
    """

    tokens: Tensor
    padding: Tensor
    motion: Tensor
    sentence: Tensor
    moving: tuple[int, ...]

    def select(self, rows: Sequence[int]) -> TextFeatures:
        """Some of the sentences, in this order."""
        kept = torch.tensor(rows, device=self.tokens.device)
        return TextFeatures(
            self.tokens[kept],
            self.padding[kept],
            self.motion[kept],
            self.sentence[kept],
            tuple(i for i, row in enumerate(rows) if row in self.moving),
        )

    def joined(self, other: TextFeatures) -> TextFeatures:
        """These sentences and then the other ones, padded to one length."""
        length = max(self.tokens.shape[1], other.tokens.shape[1])
        both = zip(self._padded(length), other._padded(length), strict=True)
        tokens, padding, motion = (torch.cat(parts) for parts in both)
        moving = self.moving + tuple(len(self.tokens) + i for i in other.moving)
        return TextFeatures(tokens, padding, motion, torch.cat((self.sentence, other.sentence)), moving)

    def _padded(self, length: int) -> tuple[Tensor, Tensor, Tensor]:
        more = length - self.tokens.shape[1]
        return (
            F.pad(self.tokens, (0, 0, 0, more)),
            F.pad(self.padding, (0, more), value=True),
            F.pad(self.motion, (0, more), value=False),
        )


class TextEncoder(nn.Module, ABC):
    """A transformer over words whose layers are run in steps.

    Args:
        stage_ends: number of layers run up to the end of each step.
        max_tokens: longest sentence, special tokens included.

    Attributes:
        layers: each step's first layer, and one past its last.
    """

    def __init__(self, stage_ends: tuple[int, ...], max_tokens: int) -> None:
        super().__init__()
        self.layers = list(zip([0, *stage_ends[:-1]], stage_ends, strict=True))
        self.max_tokens = max_tokens

    @abstractmethod
    def embed(self, ids: Tensor, padding: Tensor) -> Tensor:
        """Token and position embedding of `ids [B, L]`: `[B, L, D]`, zero at padding."""

    @abstractmethod
    def stage(self, index: int, tokens: Tensor, padding: Tensor) -> Tensor:
        """Run the layers of one step on `tokens [N, L, D]`, ignoring padding, bool `[N, L]`, as keys."""

    @abstractmethod
    def sentence_token(self, padding: Tensor) -> Tensor:
        """Position `[B]` of the token that stands for the sentence, given the padding, bool `[B, L]`."""


def additive_mask(allowed: Tensor, dtype: torch.dtype) -> Tensor:
    """What to add to attention scores: 0 where attention is allowed, the lowest number elsewhere."""
    mask = torch.zeros(allowed.shape, dtype=dtype, device=allowed.device)
    return mask.masked_fill(~allowed, torch.finfo(dtype).min)
