import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from recordings import HEIGHT, WIDTH, write_story
from rosbags.typesys import get_types_from_msg
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import String

from samwise_ros.bags.message_types import standard_types
from samwise_ros.bags.play_options import CompressedImages, PlayOptions
from samwise_ros.bags.playlist import Route, ahead, plan
from samwise_ros.bags.reader import open_bag
from samwise_ros.bags.stamps import nanoseconds, read_stamp
from samwise_ros.bags.writer import BagWriter

RAW, COMPRESSED = "/camera/image", "/camera/image/compressed"


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    write_story(tmp_path / "a.mcap")
    return tmp_path / "a.mcap"


def routes(bag: Path, options: PlayOptions) -> dict[str, Route]:
    with open_bag(bag) as reader:
        return {route.topic: route for route in plan(reader, reader.connections, options, pytest.fail)}


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


def test_a_decoded_image_has_stamp_frame_and_pixels_of_the_recorded_one(bag: Path) -> None:
    with open_bag(bag) as reader:
        [route] = [r for r in plan(reader, reader.connections, PlayOptions(), pytest.fail) if r.topic == RAW]
        _, _, data = next(reader.messages([route.connection]))
        image = route.convert(data, 7_000_000_000)
    assert isinstance(image, Image)
    assert nanoseconds(image.header.stamp) == read_stamp(data) + 7_000_000_000
    assert image.header.frame_id == "camera_optical_frame"
    assert (image.width, image.height, image.encoding, image.step) == (WIDTH, HEIGHT, "rgb8", 3 * WIDTH)
    red = np.frombuffer(image.data, np.uint8).reshape(HEIGHT, WIDTH, 3)[12, 8]
    assert red[0] > 150 > red[2]


def test_only_messages_with_a_header_are_restamped(bag: Path) -> None:
    with open_bag(bag) as reader:
        found = {r.connection.topic: r for r in plan(reader, reader.connections, PlayOptions(), pytest.fail)}
        _, _, sentence = next(reader.messages([found["/expression"].connection]))
        _, _, mask = next(reader.messages([found["/ground_truth/mask"].connection]))
    assert found["/expression"].convert(sentence, 5) == sentence
    shifted = found["/ground_truth/mask"].convert(mask, 5)
    assert isinstance(shifted, bytes)
    assert read_stamp(shifted) == read_stamp(mask) + 5


def test_a_topic_of_an_unknown_type_is_left_out_with_a_warning(tmp_path: Path) -> None:
    types = standard_types()
    types.register(get_types_from_msg("string data", "nowhere_msgs/msg/Thing"))
    with BagWriter(tmp_path / "a.mcap", types) as writer:
        for topic, msgtype in (("/thing", "nowhere_msgs/msg/Thing"), ("/said", "std_msgs/msg/String")):
            writer.write(writer.add_topic(topic, msgtype), 1, types.types[msgtype]("x"))
    warnings: list[str] = []
    with open_bag(tmp_path / "a.mcap") as reader:
        found = plan(reader, reader.connections, PlayOptions(), warnings.append)
    assert [route.topic for route in found] == ["/said"]
    assert warnings == ["/thing is not played: its type nowhere_msgs/msg/Thing is not installed here"]


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
