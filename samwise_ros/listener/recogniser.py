"""What every engine of speech recognition does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Sound, mono, `[N]`, `sound.RATE` samples per second."""

SHORTEST = 1600
"""Samples in the shortest utterance that is looked at, a tenth of a second. No word is shorter."""


@dataclass(frozen=True)
class Guess:
    """Words that may have been said.

    Attributes:
        text: in lower case, without punctuation.
        share: how likely it is among all guesses, from 0 to 1.
    """

    text: str
    share: float


@dataclass(frozen=True)
class Recognition:
    """What was recognised in an utterance.

    Attributes:
        guesses: the likeliest first, each text once; empty: nothing.
        fit: how well the first one explains the sound, from 0 (not at all: noise, or other words) to 1.
    """

    guesses: tuple[Guess, ...] = ()
    fit: float = 0.0


class Recogniser(Protocol):
    """Turns utterances into words. One at a time: not thread-safe."""

    def recognise(self, samples: Samples) -> Recognition:
        """What is said in one utterance."""
