"""PocketSphinx, with the English model that its wheel brings along and a grammar of all that can be said."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from samwise_ros.listener.automaton import Automaton, automaton
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.fit import Stretch, fit_of
from samwise_ros.listener.phrases import Phrase, understand, vocabulary
from samwise_ros.listener.pronunciations import MISSING, accents
from samwise_ros.listener.recogniser import SHORTEST, Guess, Recognition, Samples
from samwise_ros.listener.sound import RATE

GRAMMAR, PHONES = "grammar", "phones"
#: Base of PocketSphinx's logarithms, and what it divides acoustic scores by before it adds them up along a
#: path.
LOG_BASE, PATH_SHIFT = 1.0001, 1024
#: Acoustic scores count frames as if each told something new. This much of a difference is believed.
SCALE = 0.1
#: How much the chances of words count, compared with one frame's acoustic score.
CHANCE_WEIGHT = 10.0
#: Paths looked at for other guesses. Many differ in pauses only.
PATHS = 40
#: Digital silence has no logarithm, and sounds like nothing the model has heard: some noise below hearing is
#: added.
DITHER = 4.0
#: Keys of PocketSphinx's configuration. `compallsen`: scores of grammar and phones are only comparable where
#: both are measured against all sounds, not against those that are searched. `wip`: by trial.
TUNING: dict[str, object] = {"cmn": "batch", "wip": 0.1, "compallsen": True}


class PocketSphinx:
    """Hears the sentences of a grammar. Takes some 0.1 s for a second of speech on one core.

    Args:
        sayable: all that can be said.
        model: folder with another acoustic model, and beside it or in it a dictionary `*.dict`; empty: the
            English one.
        tuning: more of PocketSphinx's configuration.

    Raises:
        SpeechError: if it is not installed, has no such model, or does not know how to say a word.
    """

    def __init__(self, sayable: Phrase, model: str = "", tuning: dict[str, object] | None = None) -> None:
        self._sayable = sayable
        self._decoder = _decoder(model, TUNING | (tuning or {}))
        words = vocabulary(sayable)
        self._teach(words)
        self._decoder.add_fsg(GRAMMAR, _grammar(self._decoder, automaton(sayable)))
        self._decoder.add_allphone_file(PHONES, None)
        self._noise = np.random.default_rng(0).normal(0.0, DITHER, RATE)

    def recognise(self, samples: Samples) -> Recognition:
        """See `Recogniser`.

        The fit compares the words with the phones that fit best, whatever the grammar says.
        """
        if len(samples) < SHORTEST:
            return Recognition()
        sound = np.clip(samples + np.resize(self._noise, len(samples)), -32768, 32767).astype(np.int16)
        self._decode(GRAMMAR, sound)
        if self._decoder.hyp() is None:
            return Recognition()
        guesses = tuple(self._guesses())
        words = [s for s in self._stretches(PATH_SHIFT) if s.name[0] not in "<["]
        if not guesses or not words:
            return Recognition()
        self._decode(PHONES, sound)
        return Recognition(guesses, fit_of(words, list(self._stretches(1))))

    def _decode(self, search: str, sound: Samples) -> None:
        self._decoder.activate_search(search)
        self._decoder.start_utt()
        # All at once: the mean of the whole utterance is then taken off, not a running one.
        self._decoder.process_raw(sound.tobytes(), full_utt=True)
        self._decoder.end_utt()

    def _stretches(self, shift: int) -> Iterator[Stretch]:
        for segment in self._decoder.seg():
            score = _logarithm(segment.ascore) / shift
            yield Stretch(segment.word, segment.start_frame, segment.end_frame + 1, score)

    def _guesses(self) -> Iterator[Guess]:
        best = self._decoder.hyp()
        scores = {best.hypstr: _logarithm(best.score)}
        for path in itertools.islice(self._decoder.nbest() or (), PATHS):
            if path is not None and path.hypstr:
                scores.setdefault(path.hypstr, _logarithm(path.score))
        # A path may end in the middle of a sentence, where the sound is over.
        scores = {
            text: score for text, score in scores.items() if understand(self._sayable, text) is not None
        }
        scale = SCALE * PATH_SHIFT * math.log(LOG_BASE)
        top = max(scores.values(), default=0.0)
        weights = {text: math.exp(scale * (score - top)) for text, score in scores.items()}
        total = sum(weights.values())
        for text, weight in sorted(weights.items(), key=lambda item: -item[1]):
            yield Guess(text, weight / total)

    def _teach(self, words: Iterable[str]) -> None:
        unknown = []
        for word in words:
            known = list(self._pronunciations(word)) or list(MISSING.get(word, ()))
            if not known:
                unknown.append(word)
            ways = dict.fromkeys(way for pronunciation in known for way in accents(pronunciation))
            had = set(self._pronunciations(word))
            number = len(had)
            for way in ways:
                if way not in had:
                    number += 1
                    self._decoder.add_word(word if number == 1 else f"{word}({number})", way, False)
        if unknown:
            raise SpeechError(
                f"no pronunciation of {', '.join(unknown)}; add it to the model's dictionary, or to "
                "samwise_ros/listener/pronunciations.py"
            )

    def _pronunciations(self, word: str) -> Iterator[str]:
        for number in itertools.count(1):
            found = self._decoder.lookup_word(word if number == 1 else f"{word}({number})")
            if found is None:
                return
            yield found


def _decoder(model: str, settings: dict[str, object]) -> Any:
    try:
        import pocketsphinx
    except ImportError as error:
        raise SpeechError(
            "engine 'pocketsphinx' is not installed: pip install -r requirements/speech.txt"
        ) from error
    if model:
        settings = settings | _files_of(Path(model))
    try:
        return pocketsphinx.Decoder(lm=None, samprate=RATE, loglevel="FATAL", **settings)
    except (RuntimeError, ValueError) as error:
        raise SpeechError(
            f"PocketSphinx cannot load its model {model or '(the English one of its wheel)'}: {error}"
        ) from error


def _files_of(model: Path) -> dict[str, object]:
    if not (model / "mdef").is_file():
        raise SpeechError(f"{model} is not an acoustic model of PocketSphinx: it has no file mdef")
    dictionaries = [*sorted(model.glob("*.dict")), *sorted(model.parent.glob("*.dict"))]
    if not dictionaries:
        raise SpeechError(f"no dictionary for {model}: put it there as NAME.dict")
    return {"hmm": str(model), "dict": str(dictionaries[0])}


def _grammar(decoder: Any, network: Automaton) -> Any:
    end = network.states
    # PocketSphinx weighs the chances of a grammar from a file by `lw`, but takes those from here as they are.
    ways: list[tuple[object, ...]] = [
        (arc.start, arc.end, arc.chance**CHANCE_WEIGHT, arc.word) for arc in network.arcs
    ]
    ways += [(state, end, chance**CHANCE_WEIGHT) for state, chance in network.endings.items()]
    return decoder.create_fsg(GRAMMAR, 0, end, ways)


def _logarithm(probability: float) -> float:
    """PocketSphinx's score, which its Python part gives as a probability; far below zero if that is 0."""
    return math.log(probability) / math.log(LOG_BASE) if probability > 0 else -7.4e6
