"""Sound without a sentence for the listener: noise, and people who talk about something else."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from samwise_ros.listener.recogniser import Samples
from samwise_ros.listener.sound import RATE
from samwise_ros.listener.trial.speaking import NOISES, VOICES, noise, recorded, speak

PIECE_S = 20.0
"""Seconds of one kind of noise, or of talk, at a time."""
FADES = 4
"""Times that the noise of a piece swells: steady noise is the easier one."""


def noises(seconds: float, rng: np.random.Generator) -> Iterator[Samples]:
    """Pieces of noise of every kind, that swell and fade, `seconds` in all."""
    kinds = itertools.cycle(NOISES)
    for length in _lengths(seconds):
        swelling = np.abs(np.sin(np.linspace(0, FADES * np.pi, length))) + 0.05
        yield recorded(noise(next(kinds), length, rng) * swelling, rng.uniform(0.1, 0.9))


def talk(seconds: float, prose: Path, rng: np.random.Generator) -> Iterator[Samples]:
    """Pieces of a text that is read aloud in `VOICES`, with faint noise, `seconds` in all.

    Args:
        seconds: in all.
        prose: a text file in English, read again from the start when it is over.
        rng: random generator.
    """
    said = itertools.cycle(sentences_of(prose.read_text(encoding="utf-8")))
    voices = itertools.cycle(VOICES)
    left = int(seconds * RATE)
    while left > 0:
        sound = speak(next(said), next(voices))[:left]
        left -= len(sound)
        yield recorded(sound + noise("pink", len(sound), rng) * 0.03 * np.abs(sound).max())


def sentences_of(text: str) -> list[str]:
    """The sentences of a text in Markdown, of at least four words; no code, tables, links, marks."""
    prose = re.sub(r"```.*?```|^\s*(?:\||#|    ).*?$", " ", text, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"\]\([^)]*\)|https?://\S+|[`*_\[\]<>|]", " ", prose)
    found = [" ".join(sentence.split()) for sentence in re.split(r"(?<=[.:;?!])\s+|\n\s*\n", prose)]
    return [sentence for sentence in found if len(sentence.split()) >= 4]


def _lengths(seconds: float) -> Iterator[int]:
    left = int(seconds * RATE)
    while left > 0:
        length = min(left, int(PIECE_S * RATE))
        yield length
        left -= length
