"""Sentences that run through the network in one batch, and what is remembered for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from samwise.network.samwise import Samwise
from samwise.network.text_encoder import TextFeatures
from samwise.state.decisions import DecisionPolicy
from samwise.state.temporal_cache import TemporalCache
from samwise.tracker import Track, new_track


@dataclass(frozen=True)
class Sentences:
    """Sentences as the network takes them.

    Attributes:
        ids: by which a session knows them.
        expressions: as they were given.
        text: what depends on them alone, one row each.
    """

    ids: tuple[int, ...]
    expressions: tuple[str, ...]
    text: TextFeatures

    def select(self, rows: Sequence[int]) -> Sentences:
        """Some of them, in this order."""
        return Sentences(
            tuple(self.ids[row] for row in rows),
            tuple(self.expressions[row] for row in rows),
            self.text.select(rows),
        )

    def joined(self, other: Sentences) -> Sentences:
        """These and then the other ones."""
        text = self.text.joined(other.text)
        return Sentences(self.ids + other.ids, self.expressions + other.expressions, text)


@dataclass(eq=False)
class Cohort:
    """Sentences of one age, or so old that their age no longer matters, and their state.

    Attributes:
        sentences: B of them.
        track: what decoder, CME and memory remember.
        cache: what the adapters remember.
    """

    sentences: Sentences
    track: Track
    cache: TemporalCache

    @staticmethod
    def new(network: Samwise, sentences: Sentences, policy: DecisionPolicy) -> Cohort:
        """Sentences that have seen nothing yet."""
        number = len(sentences.ids)
        return Cohort(sentences, new_track(network, number, policy), network.fusion.new_cache(number))

    @property
    def full(self) -> bool:
        """Whether it remembers as many frames as there is room for, so that it can join others."""
        # The cache may be ahead of the track, in another thread. It stays empty where clips are taken.
        seen_enough = self.cache.empty or min(self.track.next_frames) >= self.cache.length
        return self.track.bank.full and seen_enough

    def drop(self, ids: Collection[int]) -> None:
        """Forget these of the sentences, not all of them; the others go on as before."""
        rows = [row for row, id_ in enumerate(self.sentences.ids) if id_ not in ids]
        if len(rows) < len(self.sentences.ids):
            self.sentences = self.sentences.select(rows)
            self.track.select(rows)
            self.cache.select(rows)

    def join(self, other: Cohort) -> None:
        """Take in the sentences of another one behind those that are here; both are full."""
        self.sentences = self.sentences.joined(other.sentences)
        self.track.join(other.track)
        self.cache.join(other.cache)
