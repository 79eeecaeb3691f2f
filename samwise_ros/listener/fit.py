"""Whether words explain the sound, or are only the likeliest that the grammar has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

#: Shortfalls (below) at which words are as likely meant as not, and how fast that changes: of all words
#: together, and of the worst word. Sentences lie from 4 to 25 and from 8 to 48, other speech from 24 and 45.
MEAN_SHORTFALL, MEAN_WIDTH = 26.0, 2.5
WORST_SHORTFALL, WORST_WIDTH = 48.0, 4.0
#: Words cannot fit this much better than phones: the search for phones has lost its way.
IMPOSSIBLE = -5.0
#: Frames (of 10 ms) in the longest word that anybody says: noise is drawn out without end.
LONGEST_WORD = 130


class Stretch(NamedTuple):
    """A word or phone on frames `start` to `end` (exclusive), and its acoustic score, a logarithm."""

    name: str
    start: int
    end: int
    score: float


def fit_of(words: Sequence[Stretch], phones: Sequence[Stretch]) -> float:
    """How well words explain their frames, from 0 to 1.

    The measure is the shortfall: by how much a frame's score is lower with the words than with the phones
    that fit
    best. Speech that the grammar has not may be near the right phones on the whole, but not in each word.

    Args:
        words: what was recognised, without pauses; at least one.
        phones: what a loop of phones makes of the same utterance.
    """
    length = sum(word.end - word.start for word in words)
    shortfalls = [_score_of(phones, word.start, word.end) - word.score for word in words]
    mean = sum(shortfalls) / length
    if mean < IMPOSSIBLE or max(word.end - word.start for word in words) > LONGEST_WORD:
        return 0.0
    worst = max(s / (w.end - w.start) for s, w in zip(shortfalls, words, strict=True))
    return _falling(mean, MEAN_SHORTFALL, MEAN_WIDTH) * _falling(worst, WORST_SHORTFALL, WORST_WIDTH)


def _score_of(phones: Sequence[Stretch], start: int, end: int) -> float:
    """The phones' score on frames `start` to `end`; of a phone that sticks out, its share."""
    total = 0.0
    for phone in phones:
        shared = min(end, phone.end) - max(start, phone.start)
        if shared > 0:
            total += phone.score * shared / (phone.end - phone.start)
    return total


def _falling(value: float, middle: float, width: float) -> float:
    return 1.0 / (1.0 + math.exp(min(50.0, (value - middle) / width)))
