"""Finds sentences that name exactly one object of a scene, or certainly none."""

from dataclasses import dataclass, replace

import numpy as np

from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.motion import CLAIMS
from samwise.world.scene.splits import TRAINING_SPLITS, held_out_colour, held_out_motion
from samwise.world.words.facts import Facts
from samwise.world.words.grammar import has_held_out_order, say
from samwise.world.words.query import ABSENT, ORDER_CLAIMS, Landmark, Query, resolve

REDUNDANT_DROPPED = 0.6
"""Share of training sentences left out because kind and colour already tell the target."""

RANKS = ("leftmost", "rightmost", "topmost", "lowest")
PLACES = ("left", "right", "top", "bottom", "middle")
RELATIONS = ("left", "right", "above", "below", "beside", "before", "behind")
SORTS = ("appearance", "place", "motion", "relation", "order", "size")

CHANCES: dict[str, tuple[float, ...]] = {
    "train": (0.3, 0.15, 0.25, 0.12, 0.12, 0.06),
    "appearance": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "motion": (0.0, 0.0, 0.7, 0.0, 0.3, 0.0),
    "late": (0.8, 0.0, 0.0, 0.0, 0.2, 0.0),
    "occlusion": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "absent": (0.5, 0.1, 0.3, 0.0, 0.1, 0.0),
    "unseen": (0.45, 0.1, 0.35, 0.0, 0.1, 0.0),
    "crowd": (0.55, 0.15, 0.08, 0.14, 0.02, 0.06),
    "parade": (0.1, 0.05, 0.6, 0.0, 0.25, 0.0),
    "arrivals": (0.7, 0.05, 0.1, 0.0, 0.15, 0.0),
}
"""How often each split tries each of `SORTS`."""


@dataclass(frozen=True)
class Named:
    """A sentence with its meaning and its target (`ABSENT`: none)."""

    sentence: str
    query: Query
    target: int


def trainable(query: Query) -> bool:
    """Whether the query keeps clear of the pairs held out for `unseen`."""
    if query.kind is None:
        return True
    return held_out_colour(query.kind) != query.colour and held_out_motion(query.kind) != query.claim


class Asker:
    """Draws queries about a scene.

    Args:
        facts: of the scene.
        split: decides which sorts of sentences are asked, and about which pairs.
        rng: random generator.
    """

    def __init__(self, facts: Facts, split: str, rng: np.random.Generator) -> None:
        self._facts = facts
        self._split = split
        self._rng = rng

    def _one(self, options: tuple[str, ...]) -> str:
        return options[int(self._rng.integers(len(options)))]

    def _sort(self) -> str:
        draw = self._rng.random()
        for sort, chance in zip(SORTS, CHANCES[self._split], strict=True):
            draw -= chance
            if draw < 0:
                return sort
        return SORTS[0]

    def _subject(self, sort: str) -> int:
        """An actor about whom such a sentence can be said, if there is one."""
        fits = list(range(self._facts.count))
        if sort in ("motion", "order"):
            motions = [actor.path.motion in ORDER_CLAIMS for actor in self._facts.actors]
            fits = [i for i in fits if motions[i] == (sort == "order")] or fits
        elif self._split in ("late", "arrivals"):
            fits = [i for i in fits if self._facts.actors[i].path.motion == "entering"] or fits
        return fits[int(self._rng.integers(len(fits)))]

    def query(self) -> Query:
        """A query that describes some actor truly, though perhaps others too."""
        facts, rng = self._facts, self._rng
        sort = self._sort()
        index = self._subject(sort)
        actor = facts.actors[index]
        role = actor.role
        colour = role.colour if rng.random() < 0.5 else None
        base = Query(role.kind if rng.random() < 0.85 else None, colour)
        if sort == "place":
            places = tuple(p for p in PLACES if facts.place(index, p))
            if rng.random() < 0.3 or not places:
                return replace(base, rank=self._one(RANKS))
            return replace(base, place=self._one(places))
        if sort in ("motion", "order"):
            claim = actor.path.motion
            if (claim in ORDER_CLAIMS) != (sort == "order"):
                return replace(base, claim="moving") if rng.random() < 0.1 else base
            return replace(base, claim=claim)
        if sort == "relation":
            other = int(rng.integers(facts.count))
            thing = facts.actors[other].role
            landmark = Landmark(thing.kind, thing.colour if rng.random() < 0.4 else None)
            relations = tuple(r for r in RELATIONS if facts.related(index, r, other))
            return replace(base, relation=self._one(relations or RELATIONS), landmark=landmark)
        if sort == "size":
            return replace(base, kind=role.kind, rank="big" if rng.random() < 0.5 else "small")
        if rng.random() < 0.12:
            return Query(None, role.colour)
        return Query(role.kind, role.colour if rng.random() < 0.75 else None)

    def wrong(self, query: Query) -> Query:
        """The query with one thing changed, so that probably nothing fits."""
        rng = self._rng
        options = ["kind"] if query.kind else []
        options += ["colour", "colour"] if query.colour else []
        options += ["claim", "claim"] if query.claim else []
        options += ["place"] if query.place else []
        change = options[int(rng.integers(len(options)))] if options else "kind"
        if change == "colour":
            return replace(query, colour=self._one(tuple(COLOURS)))
        if change == "claim":
            return replace(query, claim=self._one(CLAIMS))
        if change == "place":
            return replace(query, place=self._one(PLACES))
        return replace(query, kind=self._one(tuple(KINDS)))


def _wanted(split: str, query: Query, target: int, facts: Facts) -> bool:
    """Whether the split is about such a sentence."""
    if split != "unseen" and not trainable(query):
        return False
    if split == "unseen":
        return not trainable(query) or has_held_out_order(query)
    if target == ABSENT or split in (*TRAINING_SPLITS, "appearance"):
        return True
    if split == "absent":
        return facts.actors[target].path.motion == "entering" and facts.share[target, 0] == 0
    if split == "motion":
        return bool(query.claim) and resolve(replace(query, claim=None), facts) is None
    if split == "late":
        if query.claim in ("starting", "entering"):
            return resolve(replace(query, claim=None), facts) is None
        return facts.actors[target].path.motion == "entering" and facts.share[target, 0] == 0
    hidden = (facts.share[target] < 0.75) & (facts.share[target] > 0.0)
    return bool(hidden.any() and (facts.share[target] > 0.9).any())


def _redundant(query: Query, target: int, facts: Facts) -> bool:
    """Whether kind and colour alone would do, so that the rest of the sentence need not be understood."""
    if query.sort == "appearance" or target == ABSENT:
        return False
    return resolve(Query(query.kind, query.colour), facts) == target


def ask(facts: Facts, split: str, rng: np.random.Generator, most: int, absent: int) -> list[Named]:
    """Sentences about a scene, each unambiguous: at most `most` with a target and `absent` without."""
    asker = Asker(facts, split, rng)
    found: list[Named] = []
    missing: list[Named] = []
    queries: set[Query] = set()
    for _ in range(8 * most + 4):
        query = asker.query()
        if len(missing) < absent and rng.random() < 0.4:
            query = asker.wrong(query)
        if query in queries or (query.kind is None and query.colour is None and query.claim is None):
            continue
        target = resolve(query, facts)
        if target is None or not _wanted(split, query, target, facts):
            continue
        if split == "train" and rng.random() < REDUNDANT_DROPPED and _redundant(query, target, facts):
            continue
        queries.add(query)
        if target == ABSENT:
            if len(missing) < absent:
                missing.append(_named(query, target, split, rng))
        elif facts.worthy[target] and len(found) < most:
            found.append(_named(query, target, split, rng))
        if len(found) == most and len(missing) == absent:
            break
    return found + missing


def _named(query: Query, target: int, split: str, rng: np.random.Generator) -> Named:
    held_out = split == "unseen" and (trainable(query) or rng.random() < 0.3)
    return Named(say(query, rng, held_out), query, target)
