"""Playing in this process; test/integration/ has the command with DDS between processes."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import rclpy
from odd_bags import SAID, SECOND, START, Topic, profile, sentence, sentences, write_mcap, write_sqlite
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import Bool, String

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play.play_options import PlayOptions
from samwise_ros.bags.play.player import Player
from samwise_ros.bags.reader import open_bag
from samwise_ros.processes.ros_node import ros_node
from samwise_ros.processes.stop_event import StopEvent

#: As fast as possible, nearly.
FAST = 1000.0


@pytest.fixture(autouse=True)
def domain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody else is there."""
    monkeypatch.setenv("ROS_DOMAIN_ID", str(random.SystemRandom().randrange(1, 102)))
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    monkeypatch.setenv("ROS_LOG_DIR", str(tmp_path))


class Session:
    """A node, and everything that a player tells."""

    def __init__(self, node: Node, stop: StopEvent) -> None:
        self.node, self.stop = node, stop
        self.told: list[str] = []
        self.faults: list[str] = []

    def play(self, path: Path, **options: Any) -> Player:
        """Play a bag to its end."""
        with open_bag(path, tell=self.told.append) as bag:
            player = Player(
                self.node, bag, PlayOptions(**{"rate": FAST, **options}), self.stop, self.told.append
            )
            player.play()
            self.faults = list(bag.faults)
            return player

    def hear(self, kind: type[Any], topic: str, count: int, *, latched: bool = False) -> list[Any]:
        """Subscribe late, and return what comes until so many messages are there, or nothing more does."""
        heard: list[Any] = []
        durability = DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
        listener = Node("listener")
        listener.create_subscription(kind, topic, heard.append, QoSProfile(depth=100, durability=durability))
        for _ in range(200):
            if len(heard) >= count:
                break
            rclpy.spin_once(listener, timeout_sec=0.05)
        listener.destroy_node()
        return heard


@contextmanager
def session() -> Iterator[Session]:
    with ros_node("player", []) as (node, stop):
        yield Session(node, stop)


def test_gaps_are_left_out_and_told(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [*sentences(3, start=SECOND), *sentences(3)])
    with session() as playing:
        player = playing.play(tmp_path / "a.mcap", clock_hz=100.0)
    assert player.outcome.published == {"/said": 6}
    assert player.duration_s == pytest.approx(0.4)
    assert "53.9 years after 0.2 s" in playing.told[0] and "--max-gap inf" in playing.told[0]


def test_start_and_duration_count_what_is_played(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "a.db3", [*sentences(3, start=SECOND), *sentences(3)])
    with session() as playing:
        assert playing.play(tmp_path / "a.db3", start_s=0.15).outcome.published == {"/said": 4}
        assert playing.play(tmp_path / "a.db3", duration_s=0.25).outcome.published == {"/said": 4}
        with pytest.raises(BagError, match="nothing to play after 1.5 s: the recording is 0.4 s long"):
            playing.play(tmp_path / "a.db3", start_s=1.5)


def test_stamps_of_now_stay_stamps_of_now_behind_a_gap(tmp_path: Path) -> None:
    header = Topic("/h", "sensor_msgs/msg/Temperature", "")

    def stamped(time: int) -> bytes:
        stamp = (time // SECOND).to_bytes(4, "little") + (time % SECOND).to_bytes(4, "little")
        return b"\x00\x01\x00\x00" + stamp + b"\x01\x00\x00\x00" + bytes(4 + 16)

    times = [SECOND, 2 * SECOND, START, START + SECOND]
    write_mcap(tmp_path / "a.mcap", [(header, time, stamped(time)) for time in times])
    published: list[tuple[int, bytes]] = []
    with session() as playing, open_bag(tmp_path / "a.mcap", tell=pytest.fail) as bag:
        player = Player(
            playing.node, bag, PlayOptions(restamp=True, rate=FAST), playing.stop, lambda line: None
        )
        player._publish = lambda ready: published.extend(ready)  # type: ignore[method-assign, assignment]
        player.play()
    stamps = [
        int.from_bytes(data[4:8], "little") + int.from_bytes(data[8:12], "little") / 1e9
        for _, data in published
    ]
    assert [stamp - stamps[0] for stamp in stamps] == pytest.approx([0, 1, 1, 2], abs=1e-3)


def test_all_speakers_of_a_latched_topic_are_heard_late(tmp_path: Path) -> None:
    latched = Topic("/latched", profiles=profile("transient_local", depth=1) * 3)
    names = ["camera", "lidar", "imu"]
    write_mcap(
        tmp_path / "a.mcap",
        [
            *[(latched, START + n, sentence(name)) for n, name in enumerate(names)],
            *sentences(20, start=START + 10),
        ],
    )
    with session() as playing:
        player = playing.play(tmp_path / "a.mcap", start_s=1.0)
        assert player.outcome.published["/latched"] == 3
        assert [message.data for message in playing.hear(String, "/latched", 3, latched=True)] == names


def test_a_name_that_is_taken_by_another_type_costs_its_topic(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [*sentences(3), *sentences(3, Topic("/other"))])
    with session() as playing:
        playing.node.create_publisher(Bool, "/other", 10)
        player = playing.play(tmp_path / "a.mcap")
    assert player.outcome.published == {"/said": 3}
    assert [entry.topic for entry in player.outcome.left_out] == ["/other"]
    assert "ROS refuses to publish it on /other" in playing.told[0] and "\n" not in playing.told[0]


def test_damaged_messages_cost_themselves(tmp_path: Path) -> None:
    broken = [(SAID, START + n * SECOND, b"\x00") for n in range(5)]
    write_mcap(tmp_path / "a.mcap", sorted([*sentences(3), *broken], key=lambda message: message[1]))
    with session() as playing:
        player = playing.play(tmp_path / "a.mcap")
    assert player.outcome.published == {"/said": 3}
    assert player.outcome.spoiled == {"/said": 5}
    assert len(playing.told) == 1
    assert player.outcome.problems(None, []) == ["messages were left out (5 of /said)"]


def test_a_file_that_counts_more_than_it_has_is_told(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(30))
    with session() as playing, open_bag(tmp_path / "a.mcap", tell=playing.told.append) as bag:
        bag.connections[0] = bag.connections[0]._replace(msgcount=31)
        Player(playing.node, bag, PlayOptions(rate=FAST), playing.stop, playing.told.append).play()
        assert "counts 31 messages, but 30 can be read" in bag.faults[0]


@pytest.mark.parametrize("loop", [True, False])
def test_where_nothing_can_be_played_there_is_an_end(tmp_path: Path, loop: bool) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(3, Topic("/t", "nowhere_msgs/msg/Thing")))
    with session() as playing:
        player = playing.play(tmp_path / "a.mcap", loop=loop)
    assert player.outcome.problems(None, []) == ["nothing was published"]


def test_a_loop_over_nothing_but_damage_ends(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [(SAID, START, b"\x00")])
    with session() as playing:
        assert playing.play(tmp_path / "a.mcap", loop=True).outcome.spoiled == {"/said": 1}


def test_a_recording_without_messages_is_an_error(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [], topics=[SAID])
    with session() as playing, pytest.raises(BagError, match="a.mcap holds no messages"):
        playing.play(tmp_path / "a.mcap")


def test_waiting_for_what_is_not_published_tells_what_is(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(3))
    with (
        session() as playing,
        pytest.raises(BagError, match="cannot wait .* of /sad: what is published is /said"),
    ):
        playing.play(tmp_path / "a.mcap", wait_for=["/sad"])


def test_a_time_beyond_what_a_clock_can_tell_has_no_tick(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [*sentences(2), (SAID, 2**63 - 1, sentence("late"))])
    with session() as playing:
        player = playing.play(tmp_path / "a.mcap", clock_hz=10.0)
    assert player.outcome.published == {"/said": 3}
