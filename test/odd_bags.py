"""Recordings as other tools, older versions and accidents make them, for tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from mcap.writer import CompressionType, Writer

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND


@dataclass(frozen=True)
class Topic:
    """A topic as a file describes it."""

    name: str = "/said"
    msgtype: str = "std_msgs/msg/String"
    definition: str = "string data\n"
    schema_encoding: str = "ros2msg"
    serialization: str = "cdr"
    profiles: str = ""


SAID = Topic()
Message = tuple[Topic, int, bytes]


def sentence(text: str) -> bytes:
    """A std_msgs/String in CDR."""
    content = text.encode() + b"\x00"
    return b"\x00\x01\x00\x00" + len(content).to_bytes(4, "little") + content


def sentences(
    count: int, topic: Topic = SAID, start: int = START, period: int = SECOND // 10
) -> list[Message]:
    """So many sentences, "0" and on, ten a second."""
    return [(topic, start + index * period, sentence(str(index))) for index in range(count)]


def profile(
    durability: str = "volatile", reliability: str = "reliable", depth: int = 10, history: str = "keep_last"
) -> str:
    """A profile as recorders write it."""

    def forever() -> dict[str, int]:
        return {"sec": 9223372036, "nsec": 854775807}

    return yaml.safe_dump(
        [
            {
                "history": history,
                "depth": depth,
                "reliability": reliability,
                "durability": durability,
                "deadline": forever(),
                "lifespan": forever(),
                "liveliness": "automatic",
                "liveliness_lease_duration": forever(),
                "avoid_ros_namespace_conventions": False,
            }
        ]
    )


def write_mcap(
    path: Path,
    messages: Iterable[Message],
    *,
    compression: CompressionType = CompressionType.NONE,
    chunk_size: int = 200,
    chunks: bool = True,
    index: bool = True,
    topics: Sequence[Topic] = (),
) -> None:
    """Write an MCAP file with a few messages a chunk, or without chunks, or without an index."""
    kinds = {} if index else dict.fromkeys(("use_statistics", "use_summary_offsets", "repeat_schemas"), False)
    with path.open("wb") as file:
        writer = Writer(file, chunk_size=chunk_size, compression=compression, use_chunking=chunks, **kinds)
        writer.start(profile="ros2", library="a test")
        channels: dict[Topic, int] = {}

        def channel(topic: Topic) -> int:
            if topic not in channels:
                schema = writer.register_schema(
                    topic.msgtype, topic.schema_encoding, topic.definition.encode()
                )
                profiles = {"offered_qos_profiles": topic.profiles} if topic.profiles else {}
                channels[topic] = writer.register_channel(topic.name, topic.serialization, schema, profiles)
            return channels[topic]

        for topic in topics:
            channel(topic)
        for topic, time_ns, data in messages:
            writer.add_message(channel(topic), time_ns, data, time_ns)
        writer.finish()


def open_sqlite(path: Path) -> sqlite3.Connection:
    """Make an empty recording as Humble does: without definitions."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(
        "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,"
        " serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL);"
        "CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL,"
        " data BLOB NOT NULL);"
        "CREATE INDEX timestamp_idx ON messages (timestamp ASC);"
    )
    return database


def add_rows(database: sqlite3.Connection, messages: Iterable[Message]) -> None:
    """Append messages."""
    topics: dict[Topic, int] = {}
    for topic, time_ns, data in messages:
        if topic not in topics:
            topics[topic] = len(topics) + 1
            row = (topics[topic], topic.name, topic.msgtype, topic.serialization, topic.profiles)
            database.execute("INSERT OR IGNORE INTO topics VALUES(?, ?, ?, ?, ?)", row)
        database.execute(
            "INSERT INTO messages(topic_id, timestamp, data) VALUES(?, ?, ?)", (topics[topic], time_ns, data)
        )


def write_sqlite(path: Path, messages: Iterable[Message]) -> None:
    """Write an SQLite file."""
    database = open_sqlite(path)
    database.execute("BEGIN")
    add_rows(database, messages)
    database.execute("COMMIT")
    database.close()


def write_metadata(folder: Path, files: Sequence[str], count: int, topics: Sequence[Topic] = (SAID,)) -> None:
    """Write metadata.yaml."""
    information: dict[str, Any] = {
        "version": 5,
        "storage_identifier": "mcap",
        "relative_file_paths": list(files),
        "duration": {"nanoseconds": 0},
        "starting_time": {"nanoseconds_since_epoch": START},
        "message_count": count,
        "topics_with_message_count": [
            {
                "message_count": count,
                "topic_metadata": {
                    "name": topic.name,
                    "type": topic.msgtype,
                    "serialization_format": "cdr",
                    "offered_qos_profiles": topic.profiles,
                },
            }
            for topic in topics
        ],
        "compression_format": "",
        "compression_mode": "",
    }
    (folder / "metadata.yaml").write_text(yaml.safe_dump({"rosbag2_bagfile_information": information}))
