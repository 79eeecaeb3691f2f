from pathlib import Path

import pytest
from odd_bags import START, Topic, sentence, write_mcap, write_sqlite
from rosbags.interfaces import Connection

from samwise_ros.bags.reader import open_bag
from samwise_ros.bags.reading.definitions import Definitions
from samwise_ros.bags.reading.storage import connection

HEADER = "builtin_interfaces/Time stamp\nstring frame_id\n"
TIME = f"{'=' * 80}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n"
IDL = (
    f"{'=' * 80}\nIDL: std_msgs/msg/String\n"
    "module std_msgs {\n  module msg {\n    struct String {\n      string data;\n    };\n  };\n};\n"
)


def of(path: Path, topic: Topic) -> Connection:
    write_mcap(path, [(topic, START, sentence("x"))])
    with open_bag(path) as bag:
        return bag.connections[0]


@pytest.mark.parametrize(
    "topic",
    [
        Topic(),
        Topic(definition="string data"),
        Topic(definition="# a comment\r\nstring data # and another\r\n"),
        Topic(definition="string<=10 data\nint32 MOST=10\n"),
        Topic(definition=IDL, schema_encoding="ros2idl"),
        Topic(msgtype="std_msgs/msg/Header", definition=HEADER + TIME),
        Topic(msgtype="std_msgs/msg/Header", definition=HEADER),
        Topic(msgtype="std_msgs/msg/Char", definition="uint8 data\n"),
        Topic(msgtype="std_msgs/msg/Empty", definition=""),
        Topic(definition="no definition at all"),
    ],
)
def test_one_and_the_same_type_in_other_words(tmp_path: Path, topic: Topic) -> None:
    assert Definitions().difference(of(tmp_path / "a.mcap", topic)) is None


@pytest.mark.parametrize(
    ("topic", "difference"),
    [
        (Topic(definition="string text\n"), "its field text does not exist here"),
        (Topic(definition="uint8[] data\n"), "its field data\\[\\] does not exist here"),
        (Topic(definition="int64 data\n"), "its field data is int64, here it is string"),
        (Topic(msgtype="std_msgs/msg/Header", definition="string frame_id\n"), "it has no field stamp.sec"),
        (
            Topic(msgtype="std_msgs/msg/Header", definition="string frame_id\ntime stamp\n"),
            "its fields have another order",
        ),
        (
            Topic(msgtype="std_msgs/msg/Header", definition=f"uint32 seq\n{HEADER}"),
            "its field seq does not exist here",
        ),
    ],
)
def test_a_type_that_has_changed(tmp_path: Path, topic: Topic, difference: str) -> None:
    found = Definitions().difference(of(tmp_path / "a.mcap", topic))
    assert found is not None
    assert found.startswith(difference.replace("\\", ""))


def test_where_only_hashes_are_known_they_are_compared() -> None:
    definitions = Definitions()
    right = definitions.installed("std_msgs/msg/String")
    assert right is not None
    same = connection(1, "/said", "std_msgs/msg/String", 1, digest=right.hash_rihs01("std_msgs/msg/String"))
    assert definitions.difference(same) is None
    assert definitions.difference(same._replace(digest=f"RIHS01_{'1' * 64}")) is not None
    # Of a recorder that did not know.
    for unknown in ("", "INVALID", "RIHS01_0", f"RIHS01_{'0' * 64}", f"RIHS00_{'1' * 64}"):
        assert definitions.difference(same._replace(digest=unknown)) is None


def test_an_old_recording_takes_definitions_from_what_is_installed(tmp_path: Path) -> None:
    own = Topic("/target", "samwise_msgs/msg/TargetState")
    write_sqlite(tmp_path / "a.db3", [(own, START, sentence("x"))])
    with open_bag(tmp_path / "a.db3") as bag:
        [target] = bag.connections
        assert bag.definitions.begins_with_header(target)
        assert "samwise_msgs/msg/TargetState" in bag.definitions.store(target).fielddefs


def test_two_definitions_of_one_type_stay_apart(tmp_path: Path) -> None:
    texts, flags = Topic("/a", "my/msg/A", "string data\n"), Topic("/b", "my/msg/A", "bool data\n")
    write_mcap(
        tmp_path / "a.mcap", [(texts, START, sentence("x")), (flags, START + 1, b"\x00\x01\x00\x00\x01")]
    )
    with open_bag(tmp_path / "a.mcap") as bag:
        read = [bag.deserialize(data, connection) for connection, _, data in bag.messages()]
    assert [message.data for message in read] == ["x", True]  # type: ignore[attr-defined]
