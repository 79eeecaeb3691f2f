"""What a recording holds for the demo: pictures, sentences, and perhaps the truth."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.reader import open_bag
from samwise_ros.bags.reading.account import to_stderr
from samwise_ros.messages.stamps import STAMPED, read_stamp
from samwise_ros.topics import COMPRESSED_SUFFIX, EXPRESSION_TOPIC, GROUND_TRUTH_TOPIC

#: Of pictures and sentences; another type under one of their names is something else.
TYPES = ("sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage", "std_msgs/msg/String")


@dataclass(frozen=True)
class Scenario:
    """A recording, looked through.

    Attributes:
        bag: the recording.
        image_topic: the raw topic, which the player publishes.
        recorded_topic: the topic in the bag: the same, or its compressed form.
        stamps: of all pictures in order, in nanoseconds of the recording.
        sentences: (time of the recording in nanoseconds, sentence) in order.
        has_truth: whether it tells the true masks.
    """

    bag: Path
    image_topic: str
    recorded_topic: str
    stamps: tuple[int, ...]
    sentences: tuple[tuple[int, str], ...]
    has_truth: bool

    @property
    def fps(self) -> float:
        """Pictures per second, on average."""
        if len(self.stamps) < 2:
            return 1.0
        return (len(self.stamps) - 1) * 1e9 / (self.stamps[-1] - self.stamps[0])

    def seconds(self, stamp_ns: int) -> float:
        """Return a time of the recording in seconds since the first picture."""
        return (stamp_ns - self.stamps[0]) / 1e9

    def sentence_at(self, stamp_ns: int) -> str:
        """Return the sentence that holds at a time of the recording; "" before the first one."""
        position = bisect_right([time for time, _ in self.sentences], stamp_ns)
        return self.sentences[position - 1][1] if position else ""


def read_scenario(bag: Path, image_topic: str) -> Scenario:
    """Look through a recording.

    Raises:
        BagError: if it cannot be read, or lacks pictures on that topic or any sentence.
    """
    with open_bag(bag) as reader:
        by_topic = {
            connection.topic: connection for connection in reader.connections if connection.msgtype in TYPES
        }
        recorded = image_topic + COMPRESSED_SUFFIX
        if recorded not in by_topic:
            recorded = image_topic
        if recorded not in by_topic:
            raise BagError(
                f"{bag} has no images on {image_topic} or {image_topic}{COMPRESSED_SUFFIX}; name it with "
                f"--image-topic, it has {', '.join(sorted(by_topic))}"
            )
        stamps = tuple(
            read_stamp(data) for _, _, data in reader.messages([by_topic[recorded]]) if len(data) >= STAMPED
        )
        sentences = []
        if EXPRESSION_TOPIC in by_topic:
            for connection, time_ns, data in reader.messages([by_topic[EXPRESSION_TOPIC]]):
                try:
                    message: Any = reader.deserialize(data, connection)
                except BagError as error:
                    to_stderr(f"a sentence is left out: {error}")
                    continue
                sentences.append((time_ns, str(message.data)))
    if not stamps or not sentences:
        raise BagError(
            f"{bag} has {len(stamps)} images and {len(sentences)} sentences on {EXPRESSION_TOPIC}: too few"
        )
    return Scenario(bag, image_topic, recorded, stamps, tuple(sentences), GROUND_TRUTH_TOPIC in by_topic)
