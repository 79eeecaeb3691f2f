import re
import shlex
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from odd_bags import SECOND, START, Topic, profile, sentence, sentences, write_mcap
from recordings import HEIGHT, WIDTH, write_story
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Bool, String

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play.outcome import Outcome
from samwise_ros.bags.play.play_options import CompressedImages, PlayOptions, parse_arguments
from samwise_ros.bags.play.playlist import MessageError, Route, ahead, plan
from samwise_ros.bags.reader import open_bag
from samwise_ros.messages.stamps import nanoseconds, read_stamp

RAW, COMPRESSED = "/camera/image", "/camera/image/compressed"


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    write_story(tmp_path / "a.mcap")
    return tmp_path / "a.mcap"


PLAIN = PlayOptions()


def planned(path: Path, options: PlayOptions = PLAIN) -> tuple[dict[str, Route], Outcome, list[str]]:
    """Routes by published topic, the outcome, and what was told."""
    told: list[str] = []
    outcome = Outcome(told.append)
    with open_bag(path, tell=pytest.fail) as bag:
        found = {route.topic: route for route in plan(bag, bag.connections, options, outcome)}
    return found, outcome, told


def routes(path: Path, options: PlayOptions = PLAIN) -> dict[str, Route]:
    """The same where nothing is left out."""
    found, _, told = planned(path, options)
    assert told == []
    return found


def first(path: Path, topic: str) -> bytes:
    """The first message of a topic."""
    with open_bag(path) as bag:
        return next(data for connection, _, data in bag.messages() if connection.topic == topic)


@pytest.mark.parametrize(
    ("choice", "published"),
    [
        ("decode", {RAW: Image}),
        ("as-is", {COMPRESSED: CompressedImage}),
        ("both", {RAW: Image, COMPRESSED: CompressedImage}),
    ],
)
def test_what_becomes_of_compressed_images(
    bag: Path, choice: CompressedImages, published: dict[str, type]
) -> None:
    found = routes(bag, PlayOptions(compressed=choice))
    assert {topic: route.message_class for topic, route in found.items()} == {
        **published,
        "/ground_truth/mask": Image,
        "/expression": String,
    }


def test_remapping_names_what_is_published(bag: Path) -> None:
    found = routes(bag, PlayOptions(remap={RAW: "/eye", "/expression": "/said"}))
    assert set(found) == {"/eye", "/said", "/ground_truth/mask"}


def test_a_name_to_replace_that_is_not_there_is_an_error(bag: Path) -> None:
    with pytest.raises(BagError, match="--remap /expresion: .* what is: .*/expression"):
        planned(bag, PlayOptions(remap={"/expresion": "/said"}))


def test_a_decoded_image_has_stamp_frame_and_pixels_of_the_recorded_one(bag: Path) -> None:
    data = first(bag, COMPRESSED)
    image = routes(bag)[RAW].convert(data, 7 * SECOND)
    assert isinstance(image, Image)
    assert nanoseconds(image.header.stamp) == read_stamp(data) + 7 * SECOND
    assert image.header.frame_id == "camera_optical_frame"
    assert (image.width, image.height, image.encoding, image.step) == (WIDTH, HEIGHT, "rgb8", 3 * WIDTH)
    red = np.frombuffer(image.data, np.uint8).reshape(HEIGHT, WIDTH, 3)[12, 8]
    assert red[0] > 150 > red[2]


def test_only_messages_with_a_header_are_restamped(bag: Path) -> None:
    found = routes(bag)
    said, mask = first(bag, "/expression"), first(bag, "/ground_truth/mask")
    assert found["/expression"].convert(said, 5) == said
    shifted = found["/ground_truth/mask"].convert(mask, 5)
    assert isinstance(shifted, bytes)
    assert read_stamp(shifted) == read_stamp(mask) + 5


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (
            Topic("/t", "nowhere_msgs/msg/Thing", "string data\n"),
            "nowhere_msgs/msg/Thing is not installed .* nowhere_msgs",
        ),
        (Topic("/t", "std_msgs/msg/Nonesuch", "string data\n"), "std_msgs/msg/Nonesuch is not installed"),
        (Topic("/t", "foo.Bar", "{}", "jsonschema", "json"), "written in json"),
        (Topic("/t", "foo.Bar", "\x00\x01", "protobuf", "protobuf"), "written in protobuf"),
        (Topic("/t", "std_msgs/String", "string data\n", "ros1msg", "ros1"), "written in ros1"),
        (Topic("/t", "std_srvs/srv/Trigger_Event", "=\nSRV: x\nbool success\n"), "calls of a service"),
        (Topic("/t", "a/action/B_FeedbackMessage", ""), "an action"),
        (Topic("/t", "nonsense", ""), "'nonsense' is not a ROS 2 message type"),
        (Topic("/t", "", ""), "the recording does not tell its type"),
        (Topic("/t", "os/path/join", ""), "'os/path/join' is not a ROS 2 message type"),
        (Topic("/t", "antigravity/msg/Thing", ""), "antigravity/msg/Thing is not installed"),
        (
            Topic("/t", "std_msgs/msg/String", "string data\nint32 more\n"),
            "changed since .* field more does not exist here",
        ),
        (Topic("/t", "std_msgs/msg/String", "int32 data\n"), "field data is int32, here it is string"),
        (Topic("/a//b"), "does not allow the name '/a//b'; --remap /a//b:=/a/b plays"),
        (Topic("/1abc"), "--remap /1abc:=/_1abc plays"),
        (Topic("camera-left"), "--remap camera-left:=/camera_left plays"),
        (Topic("/the camera"), "'/the camera:=/the_camera'"),
        (Topic("/trailing/"), "--remap /trailing/:=/trailing plays"),
        (Topic(""), "does not allow the name ''$"),
        (Topic("/a\nb"), r"does not allow the name '/a\\nb'$"),
    ],
)
def test_a_topic_that_cannot_be_played_costs_itself_only(tmp_path: Path, odd: Topic, reason: str) -> None:
    write_mcap(tmp_path / "a.mcap", [*sentences(3), (odd, START, sentence("x"))])
    found, outcome, told = planned(tmp_path / "a.mcap")
    assert list(found) == ["/said"]
    [left_out] = outcome.left_out
    assert (left_out.topic, left_out.count) == (odd.name, 1)
    [line] = told
    assert line.startswith(f"{odd.name} is not played (1 message): ")
    assert re.search(reason, line)


@pytest.mark.parametrize("name", ["camera-left", "/it's", "/a:=b", "/9a", "/a b"])
def test_the_advised_name_works(tmp_path: Path, name: str) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(3, Topic(name)))
    _, _, [told] = planned(tmp_path / "a.mcap")
    advice = told[told.index("--remap") : told.index(" plays")]
    _, options = parse_arguments(["a.mcap", *shlex.split(advice)])
    [published] = routes(tmp_path / "a.mcap", options)
    assert published == options.remap[name]


@pytest.mark.parametrize(
    "odd",
    [
        Topic("/t", "std_msgs/msg/Header", ""),
        Topic("/t", "std_msgs/msg/Header", "this is no definition, is it"),
        Topic("/t", "std_msgs/msg/Header", "time stamp\nstring frame_id\n"),
        Topic("/t", "std_msgs/Header", "builtin_interfaces/Time stamp\r\nstring frame_id\r\n"),
    ],
)
def test_empty_and_old_definitions_of_installed_types_do(tmp_path: Path, odd: Topic) -> None:
    data = b"\x00\x01\x00\x00" + bytes(8) + b"\x02\x00\x00\x00x\x00"
    write_mcap(tmp_path / "a.mcap", [(odd, START, data)])
    assert routes(tmp_path / "a.mcap")["/t"].convert(data, 0) == data


def test_of_two_types_on_one_name_one_is_played(tmp_path: Path) -> None:
    other = Topic(msgtype="std_msgs/msg/Bool", definition="bool data\n")
    write_mcap(tmp_path / "a.mcap", [*sentences(3), (other, START, b"\x00\x01\x00\x00\x01")])
    found, outcome, told = planned(tmp_path / "a.mcap")
    assert found["/said"].message_class is String
    assert [entry.msgtype for entry in outcome.left_out] == ["std_msgs/msg/Bool"]
    assert "another type; --remap /said@std_msgs/msg/Bool:=/OTHER gives it a name of its own" in told[0]
    both = routes(tmp_path / "a.mcap", PlayOptions(remap={"/said@std_msgs/msg/Bool": "/other"}))
    assert {topic: route.message_class for topic, route in both.items()} == {"/said": String, "/other": Bool}


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", sentence("a long sentence")[:12], b"\x00\x01\x00\x00\xff"]
)
def test_a_message_that_is_none_is_refused_alone(tmp_path: Path, data: bytes) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(1))
    convert = routes(tmp_path / "a.mcap")["/said"].convert
    with pytest.raises(MessageError):
        convert(data, 0)
    assert convert(sentence("fine"), 0) == sentence("fine")


def test_a_damaged_picture_is_refused_alone(bag: Path) -> None:
    convert = routes(bag)[RAW].convert
    whole = first(bag, COMPRESSED)
    with pytest.raises(BagError):
        convert(whole[:-100], 0)
    with pytest.raises(BagError):
        convert(whole[:60] + bytes(len(whole) - 60), 0)
    assert isinstance(convert(whole, 0), Image)


def test_a_recorded_clock_gives_way_to_ours(tmp_path: Path) -> None:
    clock = Topic("/clock", "rosgraph_msgs/msg/Clock", "builtin_interfaces/Time clock\n")
    write_mcap(tmp_path / "a.mcap", [*sentences(1), (clock, START, b"\x00\x01\x00\x00" + bytes(8))])
    assert set(routes(tmp_path / "a.mcap")) == {"/said", "/clock"}
    found, outcome, told = planned(tmp_path / "a.mcap", PlayOptions(clock_hz=10.0))
    assert set(found) == {"/said"}
    assert outcome.left_out == [] and "--clock publishes one" in told[0]


def test_a_latched_topic_of_several_speakers_keeps_a_word_of_each(tmp_path: Path) -> None:
    three = profile("transient_local", depth=1) * 3
    write_mcap(tmp_path / "a.mcap", sentences(4, Topic(profiles=three)))
    assert routes(tmp_path / "a.mcap")["/said"].qos.depth == 4


def test_work_is_done_ahead_in_order_and_never_further_than_asked() -> None:
    started: list[int] = []
    third = threading.Event()

    def work(number: int) -> int:
        started.append(number)
        if number == 2:
            third.set()
        return number * 10

    with ThreadPoolExecutor(1) as executor:
        results = ahead(range(6), work, executor, depth=2)
        assert next(results) == 0
        # Items 1 and 2 are worked on while 0 is in use, item 3 is not even taken.
        assert third.wait(10)
        assert started == [0, 1, 2]
        assert list(results) == [10, 20, 30, 40, 50]
