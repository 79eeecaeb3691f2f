"""Sentences of the world with the scenes that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samwise.world.generate import film
from samwise.world.words.facts import Facts
from samwise.world.words.query import ABSENT, Landmark, Query, resolve
from samwise_ros.listener.world_sentences import HOMOPHONES

SPLITS = ("train", "crowd", "parade", "motion", "arrivals", "unseen")
FRAMES, SIZE, FPS = 8, (96, 128), 15.0
"""Of the scenes: small, as nobody looks at them."""


@dataclass(frozen=True)
class Spoken:
    """A sentence to be spoken.

    Attributes:
        text: as it is heard when all is well: "grey" is written "gray".
        facts: of its scene.
        target: the actor of the scene that it names.
    """

    text: str
    facts: Facts
    target: int


def draw(count: int, seed: int) -> list[Spoken]:
    """Different sentences that name something, from scenes of `SPLITS` in turn.

    Args:
        count: how many.
        seed: of the first scenes; the next ones follow.
    """
    found: dict[str, Spoken] = {}
    while True:
        for split in SPLITS:
            take = film(seed, split, FRAMES, SIZE, FPS)
            for named in take.named[:2]:
                text = " ".join(HOMOPHONES.get(word, word) for word in named.sentence.split())
                if named.target != ABSENT:
                    found.setdefault(text, Spoken(text, take.facts, named.target))
                if len(found) == count:
                    return list(found.values())
        seed += 1


def target_of(meaning: Mapping[str, str], facts: Facts) -> int | None:
    """The actor of a scene that a sentence names: `ABSENT` for none, None where it is not certain.

    Args:
        meaning: of the sentence, from `phrases.understand`.
        facts: of the scene.
    """
    slots = {slot: value for slot, value in meaning.items() if not slot.startswith("landmark_")}
    kind = meaning.get("landmark_kind")
    landmark = Landmark(kind, meaning.get("landmark_colour")) if kind else None
    return resolve(Query(**slots, landmark=landmark), facts)
