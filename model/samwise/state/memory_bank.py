"""The memory bank: a ring of what will be read again, and nothing else."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class FrameMemory:
    """What one frame leaves behind, for B sentences.

    Attributes:
        features: `[B, hw, Cm]`, the memory encoder's output.
        object_pointer: `[B, C]`.
    """

    features: Tensor
    object_pointer: Tensor


class MemoryBank:
    """Memories of the last frames, newest last.

    The published code keeps every frame forever and reads the last 6 memories and 15 pointers; keeping
    just those gives the same result in constant memory. There is no permanent conditioning frame.

    Args:
        num_frames: memory features kept.
        num_pointers: object pointers kept.
    """

    def __init__(self, num_frames: int, num_pointers: int) -> None:
        self._features: deque[Tensor] = deque(maxlen=num_frames)
        self._pointers: deque[Tensor] = deque(maxlen=num_pointers)

    def append(self, memory: FrameMemory) -> None:
        """Remember the newest frame, forgetting the oldest if the ring is full."""
        self._features.append(memory.features)
        self._pointers.append(memory.object_pointer)

    def select(self, rows: Tensor) -> None:
        """Give sentence i everything that was remembered for sentence `rows[i]`; `rows` is long `[B']`."""
        for ring in (self._features, self._pointers):
            for age, memory in enumerate(ring):
                ring[age] = memory[rows]

    def join(self, other: MemoryBank) -> None:
        """Take in the sentences of another bank that is as full, behind those that are here."""
        for ring, more in ((self._features, other._features), (self._pointers, other._pointers)):
            for age, (memory, another) in enumerate(zip(ring, more, strict=True)):
                ring[age] = torch.cat((memory, another))

    @property
    def full(self) -> bool:
        """Whether the next frame makes the oldest one forgotten."""
        return len(self._features) == self._features.maxlen and len(self._pointers) == self._pointers.maxlen

    def clear(self) -> None:
        """Forget everything."""
        self._features.clear()
        self._pointers.clear()

    @property
    def features(self) -> tuple[Tensor, ...]:
        """Memory features `[B, hw, Cm]`, oldest first."""
        return tuple(self._features)

    @property
    def pointers(self) -> tuple[Tensor, ...]:
        """Object pointers `[B, C]`, newest first."""
        return tuple(reversed(self._pointers))

    def __len__(self) -> int:
        return len(self._features)
