from pathlib import Path

import pytest
from odd_bags import SECOND, START, Topic, profile, sentence, sentences, write_mcap
from rosbags.interfaces import Connection, QosDurability

from samwise_ros.bags.play.latched import MOST, before, kept, profiles_of
from samwise_ros.bags.qos_conversion import for_playing
from samwise_ros.bags.reader import open_bag, stored_qos
from samwise_ros.bags.reading.metadata import parse_profiles
from samwise_ros.bags.reading.storage import connection

LATCHED = profile("transient_local", depth=1)


def topic(profiles: str, count: int = 5, msgtype: str = "std_msgs/msg/String") -> Connection:
    return connection(1, "/t", msgtype, count, profiles=parse_profiles(profiles))


@pytest.mark.parametrize(
    ("profiles", "holding"),
    [
        ("", 0),
        (profile(), 0),
        (LATCHED, 1),
        (profile("transient_local", depth=3), 3),
        (profile("transient_local", depth=0), 10),
        (profile("transient_local", history="keep_all"), 5),
        (LATCHED + LATCHED, 5),
        (LATCHED + profile(), 1),
    ],
)
def test_how_many_messages_still_hold(profiles: str, holding: int) -> None:
    assert kept(topic(profiles)) == holding


def test_transforms_add_up() -> None:
    assert kept(topic(LATCHED, 7, "tf2_msgs/msg/TFMessage")) == 7


def test_fixed_transforms_are_latched_though_nothing_tells() -> None:
    fixed = topic("", 7, "tf2_msgs/msg/TFMessage")
    assert (kept(fixed), kept(fixed._replace(topic="/robot/tf_static"))) == (0, 7)
    assert profiles_of(fixed._replace(topic="/tf_static"))[0].durability is QosDurability.TRANSIENT_LOCAL
    assert (
        kept(connection(1, "/tf_static", "tf2_msgs/msg/TFMessage", 7, profiles=parse_profiles(profile())))
        == 0
    )


def test_there_is_an_end_to_it() -> None:
    assert kept(topic(LATCHED * 2, 10**6)) == MOST


def test_a_late_subscriber_gets_what_still_holds() -> None:
    speakers = topic(LATCHED * 3)
    assert for_playing(stored_qos(speakers), at_least=kept(speakers)).depth == 5


def test_what_holds_at_a_time_in_order(tmp_path: Path) -> None:
    three, one, none = Topic("/three", profiles=LATCHED * 3), Topic("/one", profiles=LATCHED), Topic("/none")
    messages = [
        *[(three, START + n, sentence(f"three {n}")) for n in range(4)],
        *[(one, START + 10 + n, sentence(f"one {n}")) for n in range(4)],
        *sentences(4, none),
    ]
    write_mcap(tmp_path / "a.mcap", sorted(messages, key=lambda message: message[1]))
    with open_bag(tmp_path / "a.mcap") as bag:
        found = before(bag, bag.connections, START + SECOND)
        assert [data[8:-1].decode() for _, _, data in found] == [*(f"three {n}" for n in range(4)), "one 3"]
        assert before(bag, bag.connections, bag.start_time) == []
