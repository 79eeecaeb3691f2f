"""A small language for what can be said: written once, read as a grammar and as a parser.

A recogniser needs a grammar of everything that can be said, and whoever gets its words needs to know what
they mean.
Both come from one tree of these phrases, so that nothing can be heard that is not understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

Meaning = Mapping[str, str]
"""What words mean: slots and their values, like `{"colour": "red", "kind": "car"}`."""


class Match(NamedTuple):
    """The words up to `end` (exclusive) fit and mean `meaning`."""

    end: int
    meaning: dict[str, str]


class Net(Protocol):
    """Where phrases are woven into: states, and ways from one to another."""

    def state(self) -> int:
        """A new state."""

    def way(self, start: int, end: int, chance: float, word: str = "") -> None:
        """Lead from state to state, with a word or (empty) without one."""


class Phrase(Protocol):
    """Something that can be said."""

    def matches(self, words: Sequence[str], at: int) -> Iterator[Match]:
        """Every way in which it fits the words from `at` on."""

    def weave(self, net: Net, start: int, end: int, chance: float) -> None:
        """Lead from `start` to `end` by all that can be said, with `chance` in all."""

    def words(self) -> Iterator[str]:
        """Every word in it."""


@dataclass(frozen=True)
class Words:
    """Fixed words.

    Attributes:
        text: at least one word, in lower case, with spaces between them.
        meaning: what saying them means.
    """

    text: str
    meaning: Meaning = field(default_factory=dict)

    def matches(self, words: Sequence[str], at: int) -> Iterator[Match]:
        """See `Phrase`."""
        own = self.text.split()
        if list(words[at : at + len(own)]) == own:
            yield Match(at + len(own), dict(self.meaning))

    def weave(self, net: Net, start: int, end: int, chance: float) -> None:
        """See `Phrase`."""
        *before, last = self.text.split()
        for word in before:
            after = net.state()
            net.way(start, after, chance, word)
            start, chance = after, 1.0
        net.way(start, end, chance, last)

    def words(self) -> Iterator[str]:
        """See `Phrase`."""
        yield from self.text.split()


@dataclass(frozen=True)
class OneOf:
    """One of several phrases.

    Attributes:
        options: the phrases.
        weights: how often each is said compared with the others, as many as options; empty: all alike.
    """

    options: tuple[Phrase, ...]
    weights: tuple[float, ...] = ()

    def matches(self, words: Sequence[str], at: int) -> Iterator[Match]:
        """See `Phrase`."""
        for option in self.options:
            yield from option.matches(words, at)

    def weave(self, net: Net, start: int, end: int, chance: float) -> None:
        """See `Phrase`."""
        weights = self.weights or (1.0,) * len(self.options)
        for option, weight in zip(self.options, weights, strict=True):
            option.weave(net, start, end, chance * weight / sum(weights))

    def words(self) -> Iterator[str]:
        """See `Phrase`."""
        for option in self.options:
            yield from option.words()


@dataclass(frozen=True)
class InOrder:
    """Phrases, one after the other, at least one. Where two give one slot a value, the later one counts."""

    phrases: tuple[Phrase, ...]

    def matches(self, words: Sequence[str], at: int) -> Iterator[Match]:
        """See `Phrase`."""
        yield from self._rest(0, words, at, {})

    def _rest(self, index: int, words: Sequence[str], at: int, so_far: dict[str, str]) -> Iterator[Match]:
        if index == len(self.phrases):
            yield Match(at, so_far)
            return
        for end, meaning in self.phrases[index].matches(words, at):
            yield from self._rest(index + 1, words, end, so_far | meaning)

    def weave(self, net: Net, start: int, end: int, chance: float) -> None:
        """See `Phrase`."""
        *before, last = self.phrases
        for phrase in before:
            after = net.state()
            phrase.weave(net, start, after, chance)
            start, chance = after, 1.0
        last.weave(net, start, end, chance)

    def words(self) -> Iterator[str]:
        """See `Phrase`."""
        for phrase in self.phrases:
            yield from phrase.words()


@dataclass(frozen=True)
class Maybe:
    """A phrase that may be left out.

    Attributes:
        phrase: that may be said.
        chance: how often it is, between 0 and 1.
    """

    phrase: Phrase
    chance: float = 0.5

    def matches(self, words: Sequence[str], at: int) -> Iterator[Match]:
        """See `Phrase`."""
        yield from self.phrase.matches(words, at)
        yield Match(at, {})

    def weave(self, net: Net, start: int, end: int, chance: float) -> None:
        """See `Phrase`."""
        self.phrase.weave(net, start, end, chance * self.chance)
        net.way(start, end, chance * (1 - self.chance))

    def words(self) -> Iterator[str]:
        """See `Phrase`."""
        yield from self.phrase.words()


def choose(table: Mapping[str, Sequence[str]], slot: str, first: float = 0.0) -> OneOf:
    """One phrase of a table from values to the phrases that mean them; all values are said equally often.

    Args:
        table: values of the slot, each with its phrases.
        slot: that is given the value.
        first: how often the first phrase of a value is chosen outright; otherwise chance decides, from 0 to
            1.
    """
    options, weights = [], []
    for value, texts in table.items():
        for index, text in enumerate(texts):
            options.append(Words(text, {slot: value}))
            weights.append(first * (index == 0) + (1 - first) / len(texts))
    return OneOf(tuple(options), tuple(weights))


def any_of(texts: Sequence[str]) -> OneOf:
    """One of some phrases that mean nothing in particular."""
    return OneOf(tuple(Words(text) for text in texts))


def in_order(*phrases: Phrase | str) -> InOrder:
    """Phrases, or plain words, one after the other."""
    return InOrder(tuple(Words(phrase) if isinstance(phrase, str) else phrase for phrase in phrases))


def understand(phrase: Phrase, text: str) -> dict[str, str] | None:
    """What a text means; None if it is not all of the phrase. Of several meanings the first one."""
    words = text.split()
    return next((meaning for end, meaning in phrase.matches(words, 0) if end == len(words)), None)


def vocabulary(phrase: Phrase) -> tuple[str, ...]:
    """Every word that the phrase can have in it, sorted."""
    return tuple(sorted(set(phrase.words())))
