"""What the adapters remember from earlier frames in causal mode."""

from __future__ import annotations

from torch import Tensor


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

    def store(self, slot: int, entry: Tensor) -> Tensor:
        """Put one frame's tensor into `slot`, and return all frames held, stacked along `dim`."""
        if self._frames is None:
            shape = (*entry.shape[: self._dim], self._length, *entry.shape[self._dim :])
            self._frames = entry.new_empty(shape)
        self._frames.select(self._dim, slot).copy_(entry)
        self._filled = max(self._filled, slot + 1)
        return self._frames.narrow(self._dim, 0, self._filled)


class AdapterRing:
    """What one adapter keeps of the last T frames.

    Attributes:
        keys: of the tokens of each window, `[N, heads, frames, P*P, c]`: laid out so that attention over all
            frames needs no copy.
        values: like the keys.
        features: projected down, `[B, frames, H, W, C]`.

    The first adapter's have one row for all sentences, since no sentence has touched its input yet.
    """

    def __init__(self, length: int) -> None:
        self.keys, self.values = FrameRing(length, dim=2), FrameRing(length, dim=2)
        self.features = FrameRing(length, dim=1)


class TemporalCache:
    """The rings of all adapters and the number of the next frame.

    Args:
        num_adapters: how many adapters there are.
        length: T, frames an adapter attends over, the current one included.
    """

    def __init__(self, num_adapters: int, length: int) -> None:
        self.rings = tuple(AdapterRing(length) for _ in range(num_adapters))
        self.length = length
        self._next_frame = 0

    @property
    def slot(self) -> int:
        """Time code of the next frame: its number modulo T."""
        return self._next_frame % self.length

    def advance(self) -> None:
        """Note that the frame has passed all adapters."""
        self._next_frame += 1
