"""Turns the messages of a bag into messages to publish."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, TypeVar

from rclpy.qos import QoSProfile
from rosbags.highlevel import AnyReader
from rosbags.interfaces import Connection
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise_ros.bags.images import decode
from samwise_ros.bags.message_types import begins_with_header
from samwise_ros.bags.play_options import PlayOptions
from samwise_ros.bags.qos_conversion import for_playing
from samwise_ros.bags.reader import stored_qos
from samwise_ros.bags.stamps import shift_stamp
from samwise_ros.image_conversion import to_message

COMPRESSED_IMAGE = "sensor_msgs/msg/CompressedImage"
COMPRESSED_SUFFIX = "/compressed"

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Route:
    """Where the messages of one topic of the bag go, and in which form.

    Attributes:
        connection: the topic in the bag.
        topic: to publish on.
        message_class: of what is published.
        qos: to offer.
        convert: from serialised bytes, and nanoseconds to shift the stamp by, to what `publish` takes.
    """

    connection: Connection
    topic: str
    message_class: type[Any]
    qos: QoSProfile
    convert: Callable[[bytes, int], object]


def plan(
    reader: AnyReader, connections: Iterable[Connection], options: PlayOptions, warn: Callable[[str], object]
) -> list[Route]:
    """Decide what is published where. Topics whose type is not installed are left out with a warning."""
    routes = []
    for connection in connections:
        qos = for_playing(stored_qos(connection))
        base = connection.topic.removesuffix(COMPRESSED_SUFFIX)
        compressed = connection.msgtype == COMPRESSED_IMAGE and base != connection.topic
        if compressed and options.compressed != "as-is":
            topic = options.remap.get(base, base)
            routes.append(Route(connection, topic, Image, qos, _decoder(reader, connection)))
        if compressed and options.compressed == "decode":
            continue
        try:
            message_class = _message_class(connection.msgtype)
        except (ImportError, AttributeError):
            warn(f"{connection.topic} is not played: its type {connection.msgtype} is not installed here")
            continue
        topic = options.remap.get(connection.topic, connection.topic)
        routes.append(Route(connection, topic, message_class, qos, _shifter(reader, connection)))
    return routes


def ahead(
    items: Iterable[Item], work: Callable[[Item], Result], executor: Executor, depth: int
) -> Iterator[Result]:
    """Yield `work(item)` for every item in order, computed up to `depth` items ahead in the executor."""
    pending: deque[Future[Result]] = deque()
    for item in items:
        pending.append(executor.submit(work, item))
        if len(pending) > depth:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _message_class(msgtype: str) -> type[Any]:
    package, kind, name = msgtype.split("/")
    found: type[Any] = getattr(importlib.import_module(f"{package}.{kind}"), name)
    return found


def _shifter(reader: AnyReader, connection: Connection) -> Callable[[bytes, int], object]:
    if begins_with_header(reader.typestore, connection.msgtype):
        return lambda data, offset_ns: shift_stamp(data, offset_ns) if offset_ns else data
    return lambda data, offset_ns: data


def _decoder(reader: AnyReader, connection: Connection) -> Callable[[bytes, int], object]:
    def convert(data: bytes, offset_ns: int) -> Image:
        shifted = shift_stamp(data, offset_ns)
        recorded: Any = reader.deserialize(shifted, connection.msgtype)
        pixels = decode(recorded.data, connection.topic)
        header = Header(frame_id=recorded.header.frame_id)
        header.stamp.sec, header.stamp.nanosec = recorded.header.stamp.sec, recorded.header.stamp.nanosec
        return to_message(pixels, "mono8" if pixels.ndim == 2 else "rgb8", header)

    return convert
