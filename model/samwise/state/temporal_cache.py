"""What the adapters remember from earlier frames in causal mode."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

Slot = int | Tensor
"""Time code of a frame: one number for all sentences, or long `[B]` where they came at different times."""


class FrameRing:
    """One tensor from each of the last T frames, the newest included.

    A frame's entry is overwritten T frames later by the one with the same time code, so the ring is ordered
    by code and the newest frame may be anywhere in it. Attention does not depend on the order.

    Args:
        length: T.
        dim: dimension of an entry at which the frames are stacked.
    """

    def __init__(self, length: int, dim: int) -> None:
        self._length, self._dim = length, dim
        self._frames: Tensor | None = None
        self._filled = 0

    def store(self, slot: Slot, entry: Tensor) -> Tensor:
        """Put one frame's tensor into `slot`, and return all frames held, stacked along `dim`."""
        if self._frames is None:
            shape = (*entry.shape[: self._dim], self._length, *entry.shape[self._dim :])
            self._frames = entry.new_empty(shape)
        if isinstance(slot, int):
            self._frames.select(self._dim, slot).copy_(entry)
            self._filled = max(self._filled, slot + 1)
        else:
            # Only full rings have slots of their own for each sentence.
            entry = entry.unsqueeze(self._dim)
            slots = slot.repeat_interleave(len(entry) // len(slot))
            index = slots.reshape(-1, *[1] * (entry.dim() - 1)).expand(entry.shape)
            self._frames.scatter_(self._dim, index, entry.to(self._frames.dtype))
        return self._frames.narrow(self._dim, 0, self._filled)

    def __len__(self) -> int:
        """Number of rows; 0 as long as nothing was stored."""
        return 0 if self._frames is None else len(self._frames)

    def repeat(self, times: int) -> None:
        """Hold everything so many times, one copy behind the other."""
        if self._frames is not None and times > 1:
            self._frames = self._frames.repeat(times, *[1] * (self._frames.dim() - 1))

    def select(self, rows: Sequence[int], of: int) -> None:
        """Keep the entries of some sentences out of `of`, in this order."""
        if self._frames is not None:
            kept = torch.tensor(rows, device=self._frames.device)
            self._frames = self._frames.unflatten(0, (of, -1))[kept].flatten(0, 1)

    def join(self, other: FrameRing) -> None:
        """Take in the rows of another ring that is as full."""
        if self._frames is not None and other._frames is not None:
            self._frames = torch.cat((self._frames, other._frames))


class AdapterRing:
    """What one adapter keeps of the last T frames.

    Attributes:
        keys: of the tokens of each window, `[N, heads, frames, P*P, c]`: laid out so that attention over all
            frames needs no copy.
        values: like the keys.
        features: projected down, `[B, frames, H, W, C]`.

    The first adapter's have one row for all sentences, since no sentence has touched its input yet, unless
    sentences were given at different times.
    """

    def __init__(self, length: int) -> None:
        self.keys, self.values = FrameRing(length, dim=2), FrameRing(length, dim=2)
        self.features = FrameRing(length, dim=1)

    @property
    def rows(self) -> int:
        """Sentences that have a row of their own; 1 where one row serves all; 0 before the first frame."""
        return len(self.features)

    @property
    def parts(self) -> tuple[FrameRing, FrameRing, FrameRing]:
        """All three."""
        return self.keys, self.values, self.features


class TemporalCache:
    """The rings of all adapters and the number of the next frame.

    Args:
        num_adapters: how many adapters there are.
        length: T, frames an adapter attends over, the current one included.
        sentences: B.
    """

    def __init__(self, num_adapters: int, length: int, sentences: int = 1) -> None:
        self.rings = tuple(AdapterRing(length) for _ in range(num_adapters))
        self.length = length
        self._next_frames = [0] * sentences

    @property
    def slot(self) -> Slot:
        """Time code of the next frame: its number modulo T."""
        slots = [frame % self.length for frame in self._next_frames]
        return slots[0] if len(set(slots)) == 1 else torch.tensor(slots)

    @property
    def empty(self) -> bool:
        """Whether no frame has passed."""
        return not any(self._next_frames)

    def advance(self) -> None:
        """Note that the frame has passed all adapters."""
        self._next_frames = [frame + 1 for frame in self._next_frames]

    def select(self, rows: Sequence[int]) -> None:
        """Keep some of the sentences, in this order."""
        sentences = len(self._next_frames)
        for ring in self.rings:
            # One row for all of them stays.
            if ring.rows == sentences:
                for part in ring.parts:
                    part.select(rows, sentences)
        self._next_frames = [self._next_frames[row] for row in rows]

    def join(self, other: TemporalCache) -> None:
        """Take in the sentences of another cache of the same video; both are full, or both empty."""
        in_step = len({frame % self.length for frame in self._next_frames + other._next_frames}) == 1
        for index, (ring, more) in enumerate(zip(self.rings, other.rings, strict=True)):
            if index == 0 and in_step and ring.rows == more.rows == 1:
                # The first adapters hold the same of the same frames under the same time codes.
                continue
            _widen(ring, len(self._next_frames))
            _widen(more, len(other._next_frames))
            for part, another in zip(ring.parts, more.parts, strict=True):
                part.join(another)
        self._next_frames += other._next_frames


def _widen(ring: AdapterRing, sentences: int) -> None:
    if 0 < ring.rows < sentences:
        for part in ring.parts:
            part.repeat(sentences)
