"""What a sentence asks for, and which object of a scene that is."""

from dataclasses import dataclass

from samwise.world.words.facts import Facts, Truth

ORDER_CLAIMS = ("entering", "leaving", "starting")
"""Claims about when something happens, rather than how it moves."""

FAMILIES = ("kind", "colour", "colour + kind", "size", "place", "motion", "relation", "order", "absent")
"""What has to be understood to find a target, from the least on, or to see that there is none."""


@dataclass(frozen=True)
class Landmark:
    """The other object of a relation, by kind and perhaps colour."""

    kind: str
    colour: str | None


@dataclass(frozen=True)
class Query:
    """The meaning of a sentence; None where it says nothing.

    Attributes:
        kind, colour: keys of `KINDS` and `COLOURS`.
        rank: big, small, leftmost, rightmost, topmost or lowest among those that fit the rest.
        place: left, right, top, bottom or middle of the frame.
        claim: "moving", or one of `MOTIONS` or `PASSAGES`.
        relation: left, right, above, below, beside, before or behind `landmark`.
    """

    kind: str | None = None
    colour: str | None = None
    rank: str | None = None
    place: str | None = None
    claim: str | None = None
    relation: str | None = None
    landmark: Landmark | None = None

    @property
    def sort(self) -> str:
        """What decides: appearance, place, motion, relation or order."""
        if self.relation:
            return "relation"
        if self.claim:
            return "order" if self.claim in ORDER_CLAIMS else "motion"
        if self.place or self.rank in ("leftmost", "rightmost", "topmost", "lowest"):
            return "place"
        return "appearance"

    @property
    def family(self) -> str:
        """What has to be understood to answer it, one of `FAMILIES` but "absent"."""
        if self.sort != "appearance":
            return self.sort
        if self.rank:
            return "size"
        if self.kind and self.colour:
            return "colour + kind"
        return "kind" if self.kind else "colour"


ABSENT = -1
"""What `resolve` answers where nothing fits."""


def resolve(query: Query, facts: Facts) -> int | None:
    """The one actor that fits, `ABSENT` where certainly none does, or None where it is not certain."""
    fitting: list[int] = []
    for index in range(facts.count):
        if not facts.present[index]:
            continue
        truth = _fits(query, facts, index)
        if truth is None:
            return None
        if truth:
            fitting.append(index)
    if not fitting:
        return ABSENT
    if query.rank:
        return facts.first(fitting, query.rank)
    return fitting[0] if len(fitting) == 1 else None


def _fits(query: Query, facts: Facts, index: int) -> Truth:
    role = facts.actors[index].role
    if query.kind not in (None, role.kind) or query.colour not in (None, role.colour):
        return False
    truths: list[Truth] = []
    if query.place:
        truths.append(facts.place(index, query.place))
    if query.claim:
        truths.append(facts.moves(index, query.claim))
    if query.relation and query.landmark:
        landmark = resolve(Query(query.landmark.kind, query.landmark.colour), facts)
        known = landmark not in (None, ABSENT)
        truths.append(facts.related(index, query.relation, landmark or 0) if known else None)
    if False in truths:
        return False
    return None if None in truths else True
