"""Samples, and how they become batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from samwise.tokenizer import Tokenizer


@dataclass(frozen=True)
class Sample:
    """Some frames of one video and K sentences about it.

    Attributes:
        frames: float32 `[T, 3, S, S]`, normalised and padded.
        expressions: the sentences.
        masks: bool `[K, T, S, S]`, padded with False.
    """

    frames: Tensor
    expressions: tuple[str, ...]
    masks: Tensor


@dataclass(frozen=True)
class Batch:
    """B sentences about as many clips; a video with several sentences is repeated.

    Attributes:
        frames: float32 `[B, T, 3, S, S]`.
        ids: token ids, long `[B, L]`.
        padding: bool `[B, L]`, True at padding.
        masks: bool `[B, T, S, S]`.
    """

    frames: Tensor
    ids: Tensor
    padding: Tensor
    masks: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return Batch(*(x.to(device) for x in (self.frames, self.ids, self.padding, self.masks)))


@dataclass(frozen=True)
class Collate:
    """Turns samples into a batch.

    Attributes:
        tokenizer: for the sentences.
    """

    tokenizer: Tokenizer

    def __call__(self, samples: Sequence[Sample]) -> Batch:
        """Stack samples of equal T and S."""
        repeats = torch.tensor([len(s.expressions) for s in samples])
        ids, padding = self.tokenizer.encode([e for s in samples for e in s.expressions])
        frames = torch.stack([s.frames for s in samples]).repeat_interleave(repeats, dim=0)
        return Batch(frames, ids, padding, torch.cat([s.masks for s in samples]))
