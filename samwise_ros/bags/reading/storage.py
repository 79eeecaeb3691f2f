"""What every kind of file offers to the reader."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

from rosbags.interfaces import (
    Connection,
    ConnectionExtRosbag2,
    MessageDefinition,
    MessageDefinitionFormat,
    Qos,
)

from samwise_ros.bags.reading.ordering import Read

CDR = "cdr"
#: Definitions that are understood, by the names that both kinds of file give them.
FORMATS = {
    "ros2msg": MessageDefinitionFormat.MSG,
    "ros2idl": MessageDefinitionFormat.IDL,
    "omgidl": MessageDefinitionFormat.IDL,
}
NO_DEFINITION = MessageDefinition(MessageDefinitionFormat.NONE, "")

Stretch = tuple[int, int]


class Storage(Protocol):
    """A file of messages, open.

    Attributes:
        path: as the user knows it.
        connections: the topics; `id` is the channel that `messages` gives, `msgcount` what the file counts.
    """

    path: Path
    connections: list[Connection]

    @property
    def span(self) -> Stretch | None:
        """Times of the first and the last message in nanoseconds; None where there is no message."""

    def messages(
        self, channels: Collection[int], start_ns: int | None = None, stop_ns: int | None = None
    ) -> Iterator[Read]:
        """Yield the messages of some channels in order of time.

        Args:
            channels: their ids.
            start_ns: from this time on.
            stop_ns: before this one.
        """

    def stretches(self, longest_gap_ns: int) -> list[Stretch]:
        """Return first and last time of stretches without a longer gap, in any order; they may overlap."""

    def close(self) -> None:
        """Give back file and memory."""


def connection(
    channel: int,
    topic: str,
    msgtype: str,
    count: int,
    *,
    serialization: str = CDR,
    definition: MessageDefinition = NO_DEFINITION,
    digest: str = "",
    profiles: list[Qos] | None = None,
) -> Connection:
    """Describe a topic of a storage."""
    return Connection(
        id=channel,
        topic=topic,
        msgtype=_full(msgtype),
        msgdef=definition,
        digest=digest,
        msgcount=count,
        ext=ConnectionExtRosbag2(serialization or CDR, profiles or []),
        owner=None,
    )


def definition_of(encoding: str, text: str) -> MessageDefinition:
    """Return a definition as rosbags takes it; none at all where the language is another one."""
    form = FORMATS.get(encoding)
    return NO_DEFINITION if form is None or not text.strip() else MessageDefinition(form, text)


def _full(msgtype: str) -> str:
    """Some writers leave the middle out, as ROS 1 does: std_msgs/String."""
    package, _, name = msgtype.partition("/")
    return f"{package}/msg/{name}" if package and name and "/" not in name else msgtype
