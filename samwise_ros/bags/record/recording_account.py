"""What a recording got, what it missed and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class TopicAccount:
    """One topic and type.

    Attributes:
        topic: its name.
        msgtype: its type.
        count: messages in the bag.
        refused: why it is not recorded, or not to its end; "" where it is.
        late: publishers that joined with another quality of service than those before them.
        lost: messages that the middleware lost on the way.
    """

    topic: str
    msgtype: str
    count: int = 0
    refused: str = ""
    late: int = 0
    lost: int = 0


@dataclass(frozen=True)
class RecordingAccount:
    """All of a recording.

    Attributes:
        topics: that somebody published.
        required: topics that were asked for by name; None where all were.
        hidden: number of topics that "all" leaves out, as `ros2 topic list` does.
    """

    topics: Sequence[TopicAccount]
    required: Set[str] | None
    hidden: int = 0

    @property
    def complete(self) -> bool:
        """Whether what was asked for was recorded: something of every topic, and no topic refused."""
        if any(topic.refused for topic in self.topics):
            return False
        recorded = {topic.topic for topic in self.topics if topic.count}
        return bool(recorded) if self.required is None else self.required <= recorded

    def counts(self) -> str:
        """Return the numbers of messages in one line."""
        counts: dict[str, int] = {}
        for topic in self.topics:
            counts[topic.topic] = counts.get(topic.topic, 0) + topic.count
        recorded = [f"{topic} {count}" for topic, count in sorted(counts.items()) if count]
        return ", ".join(recorded) or "no messages"

    def remarks(self) -> list[str]:
        """Return what there is to say about topics that were missed, or not recorded from the start."""
        published = {topic.topic for topic in self.topics}
        lines = [f"nobody published {topic}" for topic in sorted((self.required or set()) - published)]
        for topic in sorted(self.topics, key=lambda topic: topic.topic):
            if topic.refused:
                so_far = f" after {topic.count} messages" if topic.count else ""
                lines.append(f"{topic.topic} was not recorded{so_far}: {topic.refused}")
            if topic.late:
                lines.append(
                    f"{topic.topic}: {_number(topic.late, 'publisher')} joined with another quality of "
                    "service than those before, recorded since then"
                )
            if topic.lost:
                lines.append(f"{topic.topic}: {_number(topic.lost, 'message')} got lost on the way to here")
        silent = {topic.topic for topic in self.topics if not topic.count and not topic.refused}
        if silent:
            lines.append(f"published, but without a message: {_listed(silent)}")
        if self.required is None and not any(topic.count for topic in self.topics):
            lines.append("no message came on any topic")
        if self.hidden:
            lines.append(
                f"{_number(self.hidden, 'hidden topic')} of services and actions left out; name what you want"
            )
        return lines


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
