"""What can be said to the listener besides sentences: "stop", "also follow the red car", "yes"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from samwise_ros.listener.phrases import OneOf, Phrase, choose, in_order

ALONE: Mapping[str, tuple[str, ...]] = {
    "stop": ("stop", "stop it"),
    "forget": ("forget it", "never mind"),
    "reset": ("reset", "start over"),
    "pause": ("pause", "wait a moment"),
    "resume": ("resume", "go on", "continue"),
    "yes": ("yes", "yes please", "that is right"),
    "no": ("no", "no thanks", "that is wrong"),
}
"""Commands that are said alone, and how."""
WITH_TARGET: Mapping[str, tuple[str, ...]] = {
    "add": ("also follow", "also track", "also find"),
    "remove": ("stop following", "stop tracking", "no longer follow"),
}
"""Commands that a sentence follows, and how they begin."""
COMMAND = "command"
"""The slot of a meaning that says which command it is."""


class Command(NamedTuple):
    """A command, and the sentence that it is about (empty: none)."""

    name: str
    target: str = ""


def command_phrases(target: Phrase) -> Phrase:
    """All commands.

    Args:
        target: what can be added and removed.
    """
    return OneOf((choose(ALONE, COMMAND), in_order(choose(WITH_TARGET, COMMAND), target)), (0.7, 0.3))


def answer_phrases() -> Phrase:
    """What answers "did you say ...?"."""
    return choose({answer: ALONE[answer] for answer in ("yes", "no")}, COMMAND)


def read_command(text: str) -> Command | None:
    """The command that a text is; None if it is a sentence. Lower case, no punctuation."""
    for name, ways in ALONE.items():
        if text in ways:
            return Command(name)
    for name, ways in WITH_TARGET.items():
        for way in ways:
            if text.startswith(f"{way} "):
                return Command(name, text[len(way) + 1 :])
    return None
