"""What became of a playback: what was published, what was not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


@dataclass(frozen=True)
class LeftOut:
    """A topic of the bag that is not played.

    Attributes:
        topic: by its name in the bag.
        msgtype: of its messages.
        count: how many they are.
        reason: why, and what helps.
    """

    topic: str
    msgtype: str
    count: int
    reason: str


@dataclass
class Outcome:
    """Filled while a bag is played.

    Attributes:
        published: number of messages by published topic.
        left_out: topics that are not played.
        spoiled: number of messages, by topic of the bag, that could not be.
        offset_ns: what was added to the header stamps in the last round; 0 without `restamp`.
        tell: gets a line for everything that is left out.
    """

    tell: Callable[[str], object]
    published: Counter[str] = field(default_factory=Counter)
    left_out: list[LeftOut] = field(default_factory=list)
    spoiled: Counter[str] = field(default_factory=Counter)
    offset_ns: int = 0

    def leave_out(self, topic: LeftOut) -> None:
        """Note a topic that is not played."""
        self.left_out.append(topic)
        self.tell(f"{topic.topic} is not played ({_messages(topic.count)}): {topic.reason}")

    def spoil(self, topic: str, seconds: float, reason: object) -> None:
        """Note a message that is not played: the first of a topic is told, of the others the number.

        Args:
            topic: of the bag.
            seconds: since the beginning of the recording.
            reason: what is wrong with it.
        """
        self.spoiled[topic] += 1
        if self.spoiled[topic] == 1:
            self.tell(f"a message on {topic} at {seconds:.3f} s is not played: {reason}")

    def problems(self, topics: Sequence[str] | None, faults: Sequence[str]) -> list[str]:
        """Return what keeps this from being what was asked for, one phrase each; none where it is.

        A topic that cannot be played is not such a problem if everything was asked for: that was said, and
        the others are there.

        Args:
            topics: that were asked for by name; None: everything.
            faults: what of the bag could not be read.
        """
        found = []
        if not self.published.total():
            found.append("nothing was published")
        if faults:
            found.append("the recording could not be read completely")
        if self.spoiled:
            counts = ", ".join(f"{count} of {topic}" for topic, count in sorted(self.spoiled.items()))
            found.append(f"messages were left out ({counts})")
        named = [entry.topic for entry in self.left_out if topics is not None and entry.topic in topics]
        if named:
            found.append(f"asked for, but not played: {', '.join(named)}")
        return found

    def summary(self) -> str:
        """Return how much was not played, for the end; "" where all was. The topics were named before."""
        if not self.left_out:
            return ""
        lost, names = sum(entry.count for entry in self.left_out), {entry.topic for entry in self.left_out}
        topics = "1 topic, which was" if len(names) == 1 else f"{len(names)} topics, which were"
        return f"not played: {_messages(lost)} of {topics} named above"

    def report(self, faults: Sequence[str]) -> dict[str, Any]:
        """Return all of it for a JSON file."""
        return {
            "published": dict(self.published),
            "stamp_offset_ns": self.offset_ns,
            "left_out": [vars(entry) for entry in self.left_out],
            "spoiled": dict(self.spoiled),
            "faults": list(faults),
        }
