"""Reads recordings with what other people read them with: rosbags, and the library mcap."""

from __future__ import annotations

from pathlib import Path

from mcap.reader import make_reader
from rosbags.highlevel import AnyReader


def read_with_rosbags(path: Path) -> list[tuple[str, int, bytes]]:
    """Return topic, time and data of all messages, in order of time; checks that the bag counts as many."""
    with AnyReader([path]) as reader:
        found = [(c.topic, time, bytes(data)) for c, time, data in reader.messages(reader.connections)]
        assert reader.message_count == len(found)
        assert sum(connection.msgcount for connection in reader.connections) == len(found)
    return found


def read_with_mcap(path: Path) -> list[tuple[str, int, bytes]]:
    """Return the same of one MCAP file, with all checksums verified."""
    with path.open("rb") as file:
        messages = make_reader(file, validate_crcs=True).iter_messages()
        return [(channel.topic, message.log_time, message.data) for _, channel, message in messages]
