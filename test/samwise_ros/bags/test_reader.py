from collections import Counter
from pathlib import Path

import pytest
import zstandard
from odd_bags import (
    SAID,
    START,
    Topic,
    profile,
    sentence,
    sentences,
    write_mcap,
    write_metadata,
    write_sqlite,
)
from recordings import write_story
from rosbags.interfaces import QosDurability, QosReliability

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reader import open_bag, select, stored_qos


def heard(*paths: Path, faults: int = 0) -> list[str]:
    """The sentences of a bag, in the order in which they are read."""
    told: list[str] = []
    with open_bag(*paths, tell=told.append) as bag:
        found = [bag.deserialize(data, connection).data for connection, _, data in bag.messages()]  # type: ignore[attr-defined]
        assert len(bag.faults) == faults, told
    return found


def test_a_missing_bag_is_named(tmp_path: Path) -> None:
    with pytest.raises(BagError, match="no bag .*gone.mcap"), open_bag(tmp_path / "gone.mcap"):
        pass


def test_no_topic_means_no_message(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    with open_bag(tmp_path / "a.mcap") as bag:
        assert list(bag.messages([])) == []
        assert Counter(connection.topic for connection, _, _ in bag.messages()) == {
            "/camera/image/compressed": 6,
            "/expression": 2,
            "/ground_truth/mask": 6,
        }


def test_selecting_a_topic_that_is_not_there_tells_which_are(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    with open_bag(tmp_path / "a.mcap") as bag:
        assert [c.topic for c in select(bag.connections, ["/expression"])] == ["/expression"]
        assert len(select(bag.connections, None)) == 3
        with pytest.raises(BagError, match="no topic /depth; it has .*/expression"):
            select(bag.connections, ["/expression", "/depth"])


def test_quality_of_service_of_metadata_goes_before_that_of_the_file(tmp_path: Path) -> None:
    recorded = Topic(profiles=profile(reliability="reliable"))
    write_mcap(tmp_path / "a.mcap", sentences(5, recorded))
    write_metadata(tmp_path, ["a.mcap"], 5, [Topic(profiles=profile(reliability="best_effort"))])
    with open_bag(tmp_path) as bag:
        assert len(list(bag.messages())) == 5
        [stated] = stored_qos(bag.connections[0])
    assert stated.reliability is QosReliability.BEST_EFFORT


def test_quality_of_service_that_is_no_yaml_costs_nothing_else(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(2, Topic(profiles="- {history: [")))
    with open_bag(tmp_path / "a.mcap") as bag:
        assert stored_qos(bag.connections[0]) == []
        assert len(list(bag.messages())) == 2


def test_parts_are_read_in_order_of_time_whatever_their_names(tmp_path: Path) -> None:
    for number, part in enumerate((2, 10, 9)):
        later = START + number * 10**10
        write_mcap(tmp_path / f"a_{part}.mcap", [(SAID, later, sentence(f"part {part}"))])
    paths = [tmp_path / f"a_{part}.mcap" for part in (9, 10, 2)]
    assert heard(*paths) == ["part 2", "part 10", "part 9"]


def test_parts_that_overlap_are_merged(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a_0.mcap", [(SAID, START + 2 * n, sentence(f"{2 * n}")) for n in range(50)])
    write_sqlite(
        tmp_path / "a_1.db3", [(SAID, START + 2 * n + 1, sentence(f"{2 * n + 1}")) for n in range(50)]
    )
    assert heard(tmp_path / "a_0.mcap", tmp_path / "a_1.db3") == [str(n) for n in range(100)]


def test_one_topic_of_several_parts_is_one(tmp_path: Path) -> None:
    latched = profile("transient_local", depth=1)
    write_mcap(tmp_path / "a_0.mcap", sentences(2, Topic(profiles=latched)))
    write_mcap(tmp_path / "a_1.mcap", sentences(3, Topic(profiles=latched), START + 10**9))
    with open_bag(tmp_path) as bag:
        [connection] = bag.connections
        assert connection.msgcount == bag.message_count == 5
        assert stored_qos(connection)[0].durability is QosDurability.TRANSIENT_LOCAL


def test_a_topic_with_two_types_is_there_twice(tmp_path: Path) -> None:
    other = Topic(msgtype="std_msgs/msg/Bool", definition="bool data\n")
    write_mcap(tmp_path / "a.mcap", [*sentences(2), (other, START, b"\x00\x01\x00\x00\x01")])
    with open_bag(tmp_path / "a.mcap") as bag:
        assert {c.msgtype: c.msgcount for c in bag.connections} == {
            "std_msgs/msg/String": 2,
            "std_msgs/msg/Bool": 1,
        }
        assert len(list(bag.messages())) == 3


def test_fewer_messages_than_metadata_counts_are_told(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(3))
    write_metadata(tmp_path, ["a.mcap"], 5)
    told: list[str] = []
    with open_bag(tmp_path, tell=told.append) as bag:
        assert len(bag.faults) == 1
    assert "should hold 5 messages" in told[0] and "3 can be read" in told[0]


def test_messages_that_were_packed_one_by_one(tmp_path: Path) -> None:
    packed = [(topic, time, zstandard.compress(data)) for topic, time, data in sentences(3)]
    write_sqlite(tmp_path / "a.db3", packed)
    assert heard(tmp_path / "a.db3") == ["0", "1", "2"]


def test_stretches_without_a_gap(tmp_path: Path) -> None:
    early, late = sentences(3, start=10**9), sentences(3)
    for path, write in ((tmp_path / "a.mcap", write_mcap), (tmp_path / "a.db3", write_sqlite)):
        write(path, [*early, *late])
        with open_bag(path) as bag:
            assert bag.stretches(3600 * 10**9) == [(early[0][1], early[-1][1]), (late[0][1], late[-1][1])]
            assert bag.stretches(2**63 - 1) == [(early[0][1], late[-1][1])]


def test_a_message_that_is_none_is_named(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [(SAID, START, b"\x00\x01\x00")])
    with open_bag(tmp_path / "a.mcap") as bag:
        [(connection, _, data)] = bag.messages()
        with pytest.raises(BagError, match="/said: 3 bytes that are no std_msgs/msg/String"):
            bag.deserialize(data, connection)
