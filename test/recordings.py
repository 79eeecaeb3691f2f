"""Small recordings for tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise.world.story import Story
from samwise_ros.bags.message_types import no_types, register_installed, standard_types
from samwise_ros.bags.qos_conversion import stored
from samwise_ros.bags.reader import open_bag
from samwise_ros.bags.story_to_bag import story_to_bag
from samwise_ros.bags.writer import BagWriter
from samwise_ros.messages.stamps import NANOSECONDS

WIDTH, HEIGHT, SIDE = 64, 48, 16


def tiny_story(length: int = 6) -> Story:
    """A red square that moves two pixels a frame, and from the middle on a blue one that stands still."""
    frames = np.full((length, HEIGHT, WIDTH, 3), 128, np.uint8)
    masks = np.zeros((length, HEIGHT, WIDTH), bool)
    half = length // 2
    for index in range(length):
        left = 2 * index % (WIDTH - SIDE)
        red, blue = (
            np.s_[index, 4 : 4 + SIDE, left : left + SIDE],
            np.s_[index, 28 : 28 + SIDE, 40 : 40 + SIDE],
        )
        frames[red], frames[blue] = (220, 30, 30), (30, 30, 220)
        masks[red if index < half else blue] = True
    return Story(frames, 15.0, ((0, "the red square"), (half, "the blue square")), masks)


def write_story(path: Path, length: int = 6) -> Story:
    """Write a recording of the tiny story."""
    story = tiny_story(length)
    story_to_bag(story, path)
    return story


def read_all(path: Path, topic: str) -> list[tuple[int, Any]]:
    """Return time and message of everything on a topic."""
    with open_bag(path) as reader:
        connections = [connection for connection in reader.connections if connection.topic == topic]
        return [
            (time, reader.deserialize(data, connection))
            for connection, time, data in reader.messages(connections)
        ]


@dataclass(frozen=True)
class Answer:
    """What a segmenter says about one frame."""

    stamp_ns: int
    mask: NDArray[np.bool_]
    expression: str
    latency_ms: float
    switched: bool = False


def write_answers(path: Path, answers: list[Answer]) -> None:
    """Write what record_bag writes while a segmenter answers."""
    types = no_types()
    for name in ("TargetState", "TargetSwitched"):
        register_installed(types, f"samwise_msgs/msg/{name}")
    register_installed(types, "sensor_msgs/msg/Image")
    message = types.types
    with BagWriter(path, types, compress=True) as writer:
        masks = writer.add_topic("/segmenter/mask", "sensor_msgs/msg/Image", [stored()])
        states = writer.add_topic("/segmenter/target", "samwise_msgs/msg/TargetState", [stored()])
        events = writer.add_topic("/segmenter/target_switched", "samwise_msgs/msg/TargetSwitched", [stored()])
        roi = message["sensor_msgs/msg/RegionOfInterest"](
            x_offset=1, y_offset=2, height=4, width=3, do_rectify=False
        )
        for answer in answers:
            time = message["builtin_interfaces/msg/Time"](*divmod(answer.stamp_ns, NANOSECONDS))
            header = message["std_msgs/msg/Header"](time, "camera_optical_frame")
            latency = message["builtin_interfaces/msg/Duration"](0, round(answer.latency_ms * 1e6))
            height, width = answer.mask.shape
            pixels = answer.mask.astype(np.uint8).reshape(-1) * np.uint8(255)
            image = message["sensor_msgs/msg/Image"](header, height, width, "mono8", 0, width, pixels)
            state = message["samwise_msgs/msg/TargetState"](
                header=header,
                id=1,
                expression=answer.expression,
                status=int(answer.mask.any()),
                score=0.75,
                roi=roi,
                area=int(answer.mask.sum()),
                latency=latency,
                processing_time=latency,
            )
            writer.write(masks, answer.stamp_ns, image)
            writer.write(states, answer.stamp_ns, state)
            if answer.switched:
                event = message["samwise_msgs/msg/TargetSwitched"](
                    header=header,
                    id=1,
                    expression=answer.expression,
                    probability=0.75,
                    threshold=0.5,
                    from_roi=roi,
                    to_roi=roi,
                    overlap=0.25,
                )
                writer.write(events, answer.stamp_ns, event)


def types_for_strings() -> Any:
    """A store for recordings of std_msgs/String, and a function that makes one."""
    types = standard_types()
    return types, types.types["std_msgs/msg/String"]
