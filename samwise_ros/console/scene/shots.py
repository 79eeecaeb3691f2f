"""What a scene consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Shot:
    """One picture of a scene.

    Attributes:
        pixels: uint8 [H, W, 3] RGB.
        time: seconds since the scene began, rising also where it begins again.
        truths: true masks, bool [H, W], by the sentence that they belong to.
        cue: the sentence that the scene itself proposes at this time; "" for none.
        suggestions: sentences to try, the same tuple as long as they stay the same.
    """

    pixels: NDArray[np.uint8]
    time: float
    truths: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    cue: str = ""
    suggestions: tuple[str, ...] = ()


#: Endless, or until its camera ends. `close` frees what it holds.
Shots = Iterator[Shot]
