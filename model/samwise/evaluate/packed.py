"""Masks kept small while many videos are judged."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PackedMasks:
    """Boolean masks, one bit per pixel and deflated: a few kilobytes per video.

    Attributes:
        shape: of the masks.
        content: their bits.
    """

    shape: tuple[int, ...]
    content: bytes

    @staticmethod
    def of(masks: NDArray[np.bool_]) -> PackedMasks:
        """Pack masks of any shape."""
        return PackedMasks(masks.shape, zlib.compress(np.packbits(masks).tobytes(), level=1))

    def unpack(self) -> NDArray[np.bool_]:
        """Unpack the masks."""
        bits = np.frombuffer(zlib.decompress(self.content), np.uint8)
        return np.unpackbits(bits, count=prod(self.shape)).reshape(self.shape).astype(bool)
