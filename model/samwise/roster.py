"""Who is followed: sentences that come and go, and the batches in which they are computed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import torch

from samwise.cohort import Cohort, Sentences
from samwise.errors import ExpressionError
from samwise.network.samwise import Samwise
from samwise.network.text_encoder import TextFeatures
from samwise.state.decisions import DecisionPolicy


class Roster:
    """The sentences of one session.

    Args:
        network: that follows them.
        policy: who decides about switches.
        batched: see the attribute.

    Attributes:
        batched: whether sentences share batches; otherwise each is a cohort of its own for good.
        cohorts: the batches, oldest first.
        epoch: grows whenever everything seen is forgotten.
    """

    def __init__(self, network: Samwise, policy: DecisionPolicy, batched: bool) -> None:
        self.cohorts: list[Cohort] = []
        self.epoch = 0
        self.batched = batched
        self._network, self._policy = network, policy
        self._next_id = 0
        self._removed: set[int] = set()

    @property
    def expressions(self) -> dict[int, str]:
        """The sentences by their ids, oldest first."""
        return {
            id_: expression
            for cohort in self.cohorts
            for id_, expression in zip(cohort.sentences.ids, cohort.sentences.expressions, strict=True)
            if id_ not in self._removed
        }

    def replace(self, groups: Iterable[tuple[Sequence[str], TextFeatures]]) -> tuple[int, ...]:
        """Follow these sentences, read in groups, and no others. Returns their ids."""
        read = [self._numbered(expressions, text) for expressions, text in groups]
        self._begin(read)
        return tuple(id_ for sentences in read for id_ in sentences.ids)

    def add(self, expression: str, text: TextFeatures) -> int:
        """Follow one more. Returns its id."""
        sentences = self._numbered([expression], text)
        self.cohorts.append(Cohort.new(self._network, sentences, self._policy))
        return sentences.ids[0]

    def remove(self, id_: int) -> None:
        """Follow one less.

        Its row leaves the batch with `settle`: a frame may be in work.

        Raises:
            ExpressionError: if it is not followed.
        """
        known = self.expressions
        if id_ not in known:
            listed = ", ".join(map(str, known)) or "none"
            raise ExpressionError(f"no sentence with the id {id_} is followed; the ids are: {listed}")
        self._removed.add(id_)

    def forget(self) -> None:
        """Keep the sentences, and nothing of what was seen."""
        self._drop_removed()
        self._begin([cohort.sentences for cohort in self.cohorts])

    @property
    def settled(self) -> bool:
        """Whether `settle` would change nothing."""
        return not self._removed and not self._can_join

    def settle(self) -> None:
        """Take out what was removed, and join what is old enough. Not while a frame is in work."""
        with torch.inference_mode():
            self._drop_removed()
            while self._can_join:
                self.cohorts[0].join(self.cohorts.pop(1))

    @property
    def _can_join(self) -> bool:
        # The older one is full if the younger one is.
        return self.batched and len(self.cohorts) > 1 and self.cohorts[1].full

    def _numbered(self, expressions: Sequence[str], text: TextFeatures) -> Sentences:
        first, self._next_id = self._next_id, self._next_id + len(expressions)
        return Sentences(tuple(range(first, self._next_id)), tuple(expressions), text)

    def _begin(self, groups: Sequence[Sentences]) -> None:
        self.epoch += 1
        self._removed.clear()
        if groups and self.batched:
            groups = [functools.reduce(Sentences.joined, groups)]
        self.cohorts = [Cohort.new(self._network, sentences, self._policy) for sentences in groups]

    def _drop_removed(self) -> None:
        self.cohorts = [c for c in self.cohorts if not self._removed.issuperset(c.sentences.ids)]
        for cohort in self.cohorts:
            cohort.drop(self._removed)
        self._removed.clear()
