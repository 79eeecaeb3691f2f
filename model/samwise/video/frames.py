"""What a source of frames is, and what it has to say about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """One frame of a source.

    Attributes:
        name: stem of its file, or its number with five digits; used for the names of its masks.
        image: uint8 `[H, W, 3]` RGB.
        time: seconds after the first frame, rising.
    """

    name: str
    image: NDArray[np.uint8]
    time: float


@dataclass(frozen=True)
class Account:
    """What is to be said about a source. Both lists grow while its frames are read; an entry is a line.

    Attributes:
        warnings: what is odd, and costs nothing.
        losses: what should have been read and could not be.
    """

    warnings: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Frames and what is known about them.

    Attributes:
        name: of the video, for folders of results.
        rate: frames per second, as most of them follow each other.
        length: number of frames, as the source claims; None where only the end will tell.
        frames: to be read once.
        timed: whether times or rate come from the source itself; else the rate is made up.
        live: whether frames are lost that nobody waits for.
        account: see there.
    """

    name: str
    rate: float
    length: int | None
    frames: Iterator[Frame]
    timed: bool = True
    live: bool = False
    account: Account = field(default_factory=Account)
