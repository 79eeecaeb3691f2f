"""record_bag as a process of its own: what is on the disk while it records, and whatever ends it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.bag_tool import Tool
from integration.segmenter_process import Client
from other_readers import read_with_mcap, read_with_rosbags
from rclpy.publisher import Publisher
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rosbags.highlevel import AnyReader, AnyReaderError
from rosbags.interfaces import QosReliability
from std_msgs.msg import Int32, String

from samwise_ros.bags.reader import open_bag

PATIENCE_S = 60.0
BEST_EFFORT = QoSProfile(depth=10, reliability=ReliabilityPolicy.BEST_EFFORT)
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Speaker:
    """Publishes numbered messages on a topic of its own."""

    def __init__(self, client: Client, topic: str, qos: QoSProfile | int = 10) -> None:
        self._client, self._topic = client, topic
        self._publisher: Publisher[String] = client.node.create_publisher(String, topic, qos)
        self.said: list[bytes] = []

    def say(self, count: int = 1, text: str = "") -> None:
        """Publish so many messages."""
        for _ in range(count):
            text_now = f"{self._topic} {len(self.said)} {text}"
            self.said.append(text_now.encode())
            self._publisher.publish(String(data=text_now))

    @property
    def listeners(self) -> int:
        """How many listen by now."""
        return self._publisher.get_subscription_count()

    def wait_for_listener(self) -> None:
        """Wait until the recorder listens."""
        self._client.wait_until(lambda: self.listeners, "the recorder", PATIENCE_S)

    def close(self) -> None:
        """Leave the topic."""
        self._client.node.destroy_publisher(self._publisher)


@pytest.fixture
def speaker(client: Client) -> Iterator[Callable[..., Speaker]]:
    speakers: list[Speaker] = []

    def make(*arguments: Any) -> Speaker:
        speakers.append(Speaker(client, *arguments))
        return speakers[-1]

    yield make
    for made in speakers:
        made.close()


def texts(messages: list[tuple[str, int, bytes]]) -> list[bytes]:
    """The texts of serialised strings: behind head and length, before the zero at the end."""
    return [data[8:].split(b"\0")[0] for _, _, data in messages]


def recorded(bag: Path) -> list[bytes]:
    return texts(read_with_rosbags(bag)) if bag.exists() else []


def recorded_so_far(bag: Path) -> list[bytes]:
    """The same while it is being recorded: a look in the middle of a write may find nothing, or no sense."""
    try:
        return recorded(bag)
    except (AnyReaderError, AssertionError, OSError):
        return []


def wait_until_recorded(client: Client, bag: Path, count: int) -> None:
    """A speaker knows its listener before that knows the speaker: wait for what shows that both do."""
    client.wait_until(lambda: len(recorded_so_far(bag)) >= count, bag.name, PATIENCE_S)


@pytest.mark.parametrize("name", ["out.mcap", "out"])
@pytest.mark.parametrize("options", [[], ["--compress"]])
def test_a_killed_recorder_leaves_what_came_until_the_last_second(
    start: Callable[..., Tool],
    client: Client,
    speaker: Callable[..., Speaker],
    tmp_path: Path,
    name: str,
    options: list[str],
) -> None:
    bag = tmp_path / name
    # Of its own: that the recorder of the test before was killed is not known to everybody at once.
    topic = f"/killed_{name.partition('.')[2]}{len(options)}"
    recorder = start("record", bag, topic, *options)
    said = speaker(topic)
    said.wait_for_listener()
    said.say(5)
    client.wait_until(lambda: len(recorded_so_far(bag)) == 5, "the first flush", PATIENCE_S)
    said.say(5)
    client.wait_until(lambda: len(recorded_so_far(bag)) == 10, "the second flush", PATIENCE_S)
    recorder.kill()
    assert recorded(bag) == said.said
    assert texts(read_with_mcap(bag if bag.is_file() else bag / "out.mcap")) == said.said
    with open_bag(bag) as ours:
        assert len(list(ours.messages(ours.connections))) == 10


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGHUP, 128 + signal.SIGHUP)]
)
def test_signals_end_a_recording_in_order(
    start: Callable[..., Tool],
    client: Client,
    speaker: Callable[..., Speaker],
    tmp_path: Path,
    number: signal.Signals,
    code: int,
) -> None:
    topic = f"/signalled_{number}"
    recorder = start("record", tmp_path / "out.mcap", topic)
    said = speaker(topic)
    said.wait_for_listener()
    said.say()
    wait_until_recorded(client, tmp_path / "out.mcap", 1)
    said.say(2)
    # A second and third one while it closes change nothing.
    ended, output = recorder.interrupt(number, number, signal.SIGINT)
    assert ended == code, output
    assert recorded(tmp_path / "out.mcap") == said.said
    assert f"{topic} 3" in output
    assert list(tmp_path.iterdir()) == [tmp_path / "out.mcap"]


@pytest.mark.parametrize("name", ["out.mcap", "out"])
def test_a_full_disk_ends_with_one_line_and_a_readable_bag(
    start: Callable[..., Tool],
    client: Client,
    speaker: Callable[..., Speaker],
    small_disk: Path,
    name: str,
) -> None:
    bag = small_disk / name
    recorder = start("record", bag, "/much")
    said = speaker("/much")
    said.wait_for_listener()

    def ended() -> bool:
        said.say(1, "x" * 50_000)
        return not recorder.running

    client.wait_until(ended, "the end of the disk", PATIENCE_S)
    code, output = recorder.wait()
    assert code == 1
    assert "Traceback" not in output
    [line] = [line for line in output.splitlines() if line.startswith("record_bag:")]
    assert "No space left on device; make room" in line
    found = recorded(bag)
    assert f"The {len(found)} messages until then are in {bag}" in line
    assert len(found) > 20
    assert set(found) <= set(said.said)


def test_a_best_effort_publisher_that_joins_late_is_recorded(
    start: Callable[..., Tool], client: Client, speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    bag = tmp_path / "out.mcap"
    recorder = start("record", bag, "/mixed")
    reliable = speaker("/mixed")
    reliable.wait_for_listener()
    reliable.say(3)
    client.wait_until(lambda: len(recorded_so_far(bag)) == 3, "the first messages", PATIENCE_S)
    late = speaker("/mixed", BEST_EFFORT)
    late.wait_for_listener()
    for _ in range(5):
        late.say()
        reliable.say()
        count = len(reliable.said) + len(late.said)
        client.wait_until(lambda count=count: len(recorded_so_far(bag)) == count, "all of them", PATIENCE_S)
    code, output = recorder.interrupt()
    assert code == 0, output
    assert "/mixed 13" in output
    assert "1 publisher joined with another quality of service" in output
    # Each of them once, though the reliable ones can be heard by both subscriptions.
    assert sorted(recorded(bag)) == sorted(reliable.said + late.said)
    with AnyReader([bag]) as reader:
        offered = {qos.reliability for c in reader.connections for qos in c.ext.offered_qos_profiles}
    assert offered == {QosReliability.RELIABLE, QosReliability.BEST_EFFORT}


def test_a_latched_publisher_that_joins_late_is_heard_from_its_beginning(
    start: Callable[..., Tool], client: Client, speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    bag = tmp_path / "out.mcap"
    recorder = start("record", bag, "/latched")
    volatile = speaker("/latched")
    volatile.wait_for_listener()
    volatile.say()
    client.wait_until(lambda: len(recorded_so_far(bag)) == 1, "the first message", PATIENCE_S)
    latched = speaker("/latched", LATCHED)
    latched.say()
    client.wait_until(lambda: len(recorded_so_far(bag)) == 2, "what was latched", PATIENCE_S)
    assert recorder.interrupt()[0] == 0
    assert recorded(bag) == volatile.said + latched.said


def test_two_types_on_one_topic_cost_one_of_them(
    start: Callable[..., Tool], client: Client, speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    # Fast DDS does not let one process have a topic with two types.
    elsewhere = Client("/elsewhere")
    try:
        other = elsewhere.node.create_publisher(Int32, "/both", 10)
        said, fine = speaker("/both"), speaker("/fine")
        recorder = start("record", tmp_path / "out.mcap", "/both", "/fine")
        fine.wait_for_listener()
        client.wait_until(lambda: other.get_subscription_count() + said.listeners, "one of both", PATIENCE_S)
        other.publish(Int32(data=7))
        said.say()
        fine.say(2)
        wait_until_recorded(client, tmp_path / "out.mcap", 3)
        # A publisher in another process is not found as soon as one that was heard.
        client.wait_until(lambda: "/both is not recorded" in recorder.output, "the other type", PATIENCE_S)
        code, output = recorder.interrupt()
    finally:
        elsewhere.close()
    assert code == 1
    assert "/both was not recorded: it has several types" in output
    assert "/both 1, /fine 2" in output
    found = read_with_rosbags(tmp_path / "out.mcap")
    assert texts([message for message in found if message[0] == "/fine"]) == fine.said


def test_a_type_that_is_not_there_costs_its_topic(
    start: Callable[..., Tool],
    client: Client,
    speaker: Callable[..., Speaker],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The recorder is started in an environment that lacks the definition.
    (tmp_path / "sitecustomize.py").write_text(
        "import samwise_ros.bags.message_types as types\n"
        "real = types._definition_file\n"
        "def missing(name):\n"
        "    if name == 'std_msgs/msg/Int32':\n"
        "        raise types.BagError('message type std_msgs/msg/Int32 is not installed')\n"
        "    return real(name)\n"
        "types._definition_file = missing\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    number = client.node.create_publisher(Int32, "/number", 10)
    said = speaker("/said")
    recorder = start("record", tmp_path / "out.mcap", "/number", "/said")
    said.wait_for_listener()
    said.say(2)
    wait_until_recorded(client, tmp_path / "out.mcap", 2)
    code, output = recorder.interrupt()
    client.node.destroy_publisher(number)
    assert code == 1
    assert "/number was not recorded: message type std_msgs/msg/Int32 is not installed" in output
    assert recorded(tmp_path / "out.mcap") == said.said


def test_silence_is_told_and_is_a_fault_unless_it_was_expected(
    start: Callable[..., Tool], client: Client, speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    said, silent = speaker("/said"), speaker("/silent")
    recorder = start("record", tmp_path / "a.mcap", "/said", "/silent", "/never")
    for heard in (said, silent):
        heard.wait_for_listener()
    said.say()
    wait_until_recorded(client, tmp_path / "a.mcap", 1)
    code, output = recorder.interrupt()
    assert code == 1
    assert "nobody published /never" in output
    assert "published, but without a message: /silent" in output
    recorder = start("record", tmp_path / "b.mcap", "/said", "--optional", "/silent", "/never")
    for heard in (said, silent):
        heard.wait_for_listener()
    said.say()
    wait_until_recorded(client, tmp_path / "b.mcap", 1)
    code, output = recorder.interrupt()
    assert code == 0, output
    # A topic without messages is described all the same.
    with AnyReader([tmp_path / "b.mcap"]) as reader:
        assert {c.topic: c.msgcount for c in reader.connections} == {"/said": 1, "/silent": 0}


def test_all_is_everything_but_the_recorder_itself(
    start: Callable[..., Tool], client: Client, speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    said = speaker("/anything")
    recorder = start("record", tmp_path / "a.mcap", "--all")
    said.wait_for_listener()
    said.say()
    client.wait_until(lambda: said.said[0] in recorded_so_far(tmp_path / "a.mcap"), "the message", PATIENCE_S)
    code, output = recorder.interrupt()
    assert code == 0, output
    assert "/anything 1" in output
    assert not any(b"recording /" in data for _, _, data in read_with_rosbags(tmp_path / "a.mcap"))


def test_the_old_bag_stays_until_the_new_one_is_closed(
    start: Callable[..., Tool], client: Client, speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    def record(number: signal.Signals, topic: str, *options: str) -> list[bytes]:
        said = speaker(topic)
        recorder = start("record", tmp_path / "a.mcap", topic, *options)
        said.wait_for_listener()
        said.say(2)
        client.wait_until(
            lambda: [path for path in tmp_path.iterdir() if recorded_so_far(path) == said.said],
            topic,
            PATIENCE_S,
        )
        recorder.interrupt(number)
        return said.said

    first = record(signal.SIGINT, "/first")
    assert recorded(tmp_path / "a.mcap") == first
    second = record(signal.SIGKILL, "/second", "--overwrite")
    assert recorded(tmp_path / "a.mcap") == first
    [partial] = set(tmp_path.iterdir()) - {tmp_path / "a.mcap"}
    assert recorded(partial) == second and not partial.name.startswith(".")
    partial.unlink()
    third = record(signal.SIGINT, "/third", "--overwrite")
    assert recorded(tmp_path / "a.mcap") == third
    assert list(tmp_path.iterdir()) == [tmp_path / "a.mcap"]


def test_what_is_no_bag_is_never_recorded_over(start: Callable[..., Tool], tmp_path: Path) -> None:
    (tmp_path / "diary").mkdir()
    (tmp_path / "diary" / "june.txt").touch()
    code, output = start("record", tmp_path / "diary", "/said", "--overwrite").wait()
    assert (code, output.count("\n")) == (1, 1)
    assert "june.txt" in output
    assert (tmp_path / "diary" / "june.txt").exists()


@pytest.mark.parametrize("arguments", [["a b"], ["//x"], ["/x", "--all"], [], ["/x", "--optional", "7"]])
def test_a_command_line_that_makes_no_sense(
    start: Callable[..., Tool], tmp_path: Path, arguments: list[str]
) -> None:
    code, output = start("record", tmp_path / "a.mcap", *arguments).wait()
    assert code == 2, output
    assert output.splitlines()[-1].startswith("record_bag: error:")
    assert list(tmp_path.iterdir()) == []


def test_arguments_that_ros_does_not_take(start: Callable[..., Tool], tmp_path: Path) -> None:
    code, output = start("record", tmp_path / "a.mcap", "/x", "--ros-args", "--bogus").wait()
    assert code == 1
    assert output.splitlines()[-1].startswith("record_bag: ROS does not start")
    assert "Traceback" not in output
    assert list(tmp_path.iterdir()) == []
