"""How things stand, in words, with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is, as diagnostic_msgs counts."""

    OK = 0
    WARN = 1
    ERROR = 2
    STALE = 3


@dataclass(frozen=True)
class Word:
    """One line about the state of things."""

    level: Level
    text: str


@dataclass(frozen=True)
class Facts:
    """What the console has seen.

    Attributes:
        node: full name.
        present: it is in the graph.
        answers: it answers when asked for its state.
        state: of its lifecycle, in lower case; "" while unknown.
        image_topic: the images that it hears, or heard last; None: not known.
        image_publishers: how many publish them.
        images_hz, masks_hz: what arrives here a second.
        sentence: that it follows, as it says itself; "" while it says nothing.
        unmatched: masks lately whose picture never came here.
        undrawable: what is wrong with the pictures; None: nothing.
    """

    node: str
    present: bool = False
    answers: bool = False
    state: str = ""
    image_topic: str | None = None
    image_publishers: int = 0
    images_hz: float = 0.0
    masks_hz: float = 0.0
    sentence: str = ""
    unmatched: int = 0
    undrawable: str | None = None


def judge(facts: Facts) -> Word:
    """Say the one thing that matters most."""
    node, topic = facts.node, facts.image_topic
    if not facts.present:
        return Word(
            Level.ERROR,
            f"There is no node {node}. Start it (ros2 run samwise_ros segmenter), or give the console its "
            "name with --node; this page goes on as soon as it is there.",
        )
    if not facts.answers:
        return Word(
            Level.ERROR,
            f"{node} does not answer: it was killed, it hangs, or it is loading its model. "
            "This page goes on as soon as it answers.",
        )
    if facts.state == "configuring":
        return Word(Level.WARN, f"{node} is loading its model: this page goes on as soon as it is there.")
    if facts.state == "unconfigured":
        return Word(Level.WARN, f"{node} has no model loaded: press Configure, then Activate.")
    if facts.state == "inactive":
        return Word(Level.WARN, f"{node} is paused: press Resume.")
    if facts.state == "finalized":
        return Word(Level.ERROR, f"{node} has been shut down for good: start it again.")
    if topic is None:
        return Word(Level.WARN, f"{node} listens to no image topic yet.")
    if not facts.image_publishers:
        return Word(
            Level.ERROR,
            f"Nobody publishes on {topic}, which {node} listens to: start the camera, or start the node with "
            "--ros-args -r image:=/your/camera/image",
        )
    if not facts.images_hz:
        return Word(
            Level.ERROR,
            f"No image comes on {topic}, although somebody publishes there: is the camera stuck, or are "
            "large messages lost on the way (config/fastdds.xml)?",
        )
    if facts.undrawable is not None:
        return Word(Level.ERROR, f"The pictures cannot be shown: {facts.undrawable}.")
    if not facts.masks_hz:
        if not facts.sentence:
            return Word(Level.WARN, "Nothing is followed yet: say what to follow.")
        return Word(
            Level.WARN, f"Images come in, but {node} sends no masks: see its last words below, or its log."
        )
    if facts.unmatched:
        return Word(
            Level.WARN,
            "Masks come, but not the pictures they belong to: are images lost on their way to the console?",
        )
    return Word(
        Level.OK,
        f"{node} is active: {facts.images_hz:.0f} images/s in, {facts.masks_hz:.0f} masks/s out.",
    )


def worst(words: Sequence[Word]) -> Level:
    """Return the worst level; OK where there is none."""
    return max((word.level for word in words), default=Level.OK)
