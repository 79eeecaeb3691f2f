"""Samples, and how they become batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from samwise.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class Sample:
    """Some frames of one video and K sentences about it.

    Attributes:
        frames: float32 `[T, 3, S, S]`, normalised and padded.
        expressions: the sentences.
        masks: bool `[K, T, S, S]`, padded with False.
        semantics: kind, colour and motion of every pixel, uint8 `[T, 3, S, S]`, see `Objects`; None
            where they were not asked for.
        shifts: how far the object that each pixel shows has come lately, float32 `[T, 2, S, S]`, pixels to
            the right and down; None like `semantics`.
    """

    frames: Tensor
    expressions: tuple[str, ...]
    masks: Tensor
    semantics: Tensor | None = None
    shifts: Tensor | None = None


@dataclass(frozen=True)
class Batch:
    """B sentences about V clips, the same number about each, those about the first clip first.

    Attributes:
        frames: float32 `[V, T, 3, S, S]`.
        ids: token ids, long `[B, L]`.
        padding: bool `[B, L]`, True at padding.
        masks: bool `[B, T, S, S]`.
        semantics: uint8 `[V, T, 3, S, S]` or None, as in `Sample`.
        shifts: float32 `[V, T, 2, S, S]` or None, as in `Sample`.
    """

    frames: Tensor
    ids: Tensor
    padding: Tensor
    masks: Tensor
    semantics: Tensor | None = None
    shifts: Tensor | None = None

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        moved: dict[str, Any] = {n: None if x is None else x.to(device) for n, x in vars(self).items()}
        return Batch(**moved)


@dataclass(frozen=True)
class Collate:
    """Turns samples into a batch.

    Attributes:
        tokenizer: for the sentences.
    """

    tokenizer: Tokenizer

    def __call__(self, samples: Sequence[Sample]) -> Batch:
        """Stack samples of equal K, T and S."""
        ids, padding = self.tokenizer.encode([e for s in samples for e in s.expressions])
        frames = torch.stack([s.frames for s in samples])
        semantics = [s.semantics for s in samples if s.semantics is not None]
        shifts = [s.shifts for s in samples if s.shifts is not None]
        masks = torch.cat([s.masks for s in samples])
        return Batch(
            frames,
            ids,
            padding,
            masks,
            torch.stack(semantics) if semantics else None,
            torch.stack(shifts) if shifts else None,
        )
