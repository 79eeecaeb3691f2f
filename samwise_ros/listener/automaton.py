"""The smallest automaton of all that can be said: what a recogniser searches.

A grammar written down rule by rule makes a recogniser search many copies of the same words: from the world's
sentences,
PocketSphinx builds 9,000 empty transitions and needs ten times the time that it takes for the 200 states from
here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from samwise_ros.listener.phrases import Phrase

#: Chances that differ less than this count as the same when states are compared.
DIGITS = 3


class Arc(NamedTuple):
    """A way from state to state with a word, and how likely it is among all that leave `start`."""

    start: int
    end: int
    chance: float
    word: str


@dataclass(frozen=True)
class Automaton:
    """States are numbered from 0, the one to start in; no two arcs of a state have the same word.

    Attributes:
        states: how many there are.
        arcs: between them, without a circle.
        endings: for states where it may end, how likely that is among all that can happen there.
    """

    states: int
    arcs: tuple[Arc, ...]
    endings: Mapping[int, float]


def automaton(phrase: Phrase) -> Automaton:
    """The automaton of a phrase, which has to have at least one word in every way to say it."""
    net = _Woven()
    start, end = net.state(), net.state()
    phrase.weave(net, start, end, 1.0)
    return _Merged(_Determined(net, end)).result({start: 1.0})


class _Woven:
    """The phrases as they are woven: ways without a word, and several ways with one word, are allowed."""

    def __init__(self) -> None:
        self.silent: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self.spoken: dict[int, list[tuple[int, float, str]]] = defaultdict(list)
        self._states = 0

    def state(self) -> int:
        self._states += 1
        return self._states - 1

    def way(self, start: int, end: int, chance: float, word: str = "") -> None:
        if word:
            self.spoken[start].append((end, chance, word))
        else:
            self.silent[start].append((end, chance))


Belief = Mapping[int, float]
"""In which state of a `_Woven` one may be after the words so far, and how likely; adds up to 1."""


class _Determined:
    """Follows beliefs from word to word."""

    def __init__(self, net: _Woven, end: int) -> None:
        self._net, self._end = net, end

    def spread(self, belief: Belief) -> dict[int, float]:
        """Also be where the ways without words lead to. Those have no circles."""
        reached: dict[int, float] = defaultdict(float)
        waiting = list(belief.items())
        while waiting:
            state, chance = waiting.pop()
            reached[state] += chance
            waiting += [(after, chance * share) for after, share in self._net.silent[state]]
        return reached

    def ending(self, reached: Belief) -> float:
        """How likely it ends here."""
        return reached.get(self._end, 0.0)

    def next(self, reached: Belief) -> dict[str, tuple[dict[int, float], float]]:
        """For every word that can come: the belief after it, and how likely it comes."""
        after: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for state, chance in reached.items():
            for end, share, word in self._net.spoken[state]:
                after[word][end] += chance * share
        totals = {word: sum(belief.values()) for word, belief in after.items()}
        return {w: ({s: c / totals[w] for s, c in belief.items()}, totals[w]) for w, belief in after.items()}


class _Merged:
    """Gives one number to all beliefs with the same future."""

    def __init__(self, source: _Determined) -> None:
        self._source = source
        self._known: dict[frozenset[tuple[int, float]], int] = {}
        self._futures: dict[object, int] = {}
        self._leaving: list[dict[str, tuple[int, float]]] = []
        self._endings: list[float] = []

    def result(self, start: Belief) -> Automaton:
        first = self._number(start)
        # The start is numbered last, as its future contains all others'; it has to be 0.
        place = {first: 0}
        for number in range(len(self._leaving)):
            place.setdefault(number, len(place))
        arcs = [
            Arc(place[number], place[end], chance, word)
            for number, leaving in enumerate(self._leaving)
            for word, (end, chance) in leaving.items()
        ]
        endings = {place[number]: chance for number, chance in enumerate(self._endings) if chance > 0}
        return Automaton(len(place), tuple(arcs), endings)

    def _number(self, belief: Belief) -> int:
        key = frozenset((state, round(chance, 9)) for state, chance in belief.items())
        if key not in self._known:
            reached = self._source.spread(belief)
            leaving = {w: (self._number(b), chance) for w, (b, chance) in self._source.next(reached).items()}
            self._known[key] = self._of_future(leaving, self._source.ending(reached))
        return self._known[key]

    def _of_future(self, leaving: dict[str, tuple[int, float]], ending: float) -> int:
        rounded = frozenset((word, end, round(chance, DIGITS)) for word, (end, chance) in leaving.items())
        future = (rounded, round(ending, DIGITS))
        if future not in self._futures:
            self._futures[future] = len(self._leaving)
            self._leaving.append(leaving)
            self._endings.append(ending)
        return self._futures[future]
