"""Turns the messages of a bag into messages to publish."""

from __future__ import annotations

import importlib
import re
import shlex
import struct
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory
from rclpy.qos import QoSProfile
from rosbags.interfaces import Connection, ConnectionExtRosbag2
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise_ros.bags.checking import checker
from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play.compressed_topics import raw_topics
from samwise_ros.bags.play.latched import kept, profiles_of
from samwise_ros.bags.play.outcome import LeftOut, Outcome
from samwise_ros.bags.play.play_options import PlayOptions
from samwise_ros.bags.qos_conversion import for_playing
from samwise_ros.bags.reader import Bag
from samwise_ros.bags.reading.storage import CDR
from samwise_ros.bags.topic_names import is_valid, similar
from samwise_ros.errors import InputError, SamwiseRosError
from samwise_ros.messages.compressed import decompress
from samwise_ros.messages.pictures import image_message
from samwise_ros.messages.stamps import shift_stamp
from samwise_ros.topics import CLOCK_TOPIC

_PACKAGE = re.compile(r"[a-z][a-z0-9_]*")
_MESSAGE = re.compile(r"[A-Z][A-Za-z0-9]*")

Item = TypeVar("Item")
Result = TypeVar("Result")
Convert = Callable[[bytes, int], object]


class MessageError(BagError):
    """One message that cannot be played."""


@dataclass(frozen=True)
class Route:
    """Where the messages of one topic of the bag go, and in which form.

    Attributes:
        connection: the topic in the bag.
        topic: to publish on.
        message_class: of what is published.
        qos: to offer.
        convert: from serialised bytes, and nanoseconds to shift the stamp by, to what `publish` takes; raises
            `MessageError` where that is not possible.
    """

    connection: Connection
    topic: str
    message_class: type[Any]
    qos: QoSProfile
    convert: Convert


class _UnplayableError(SamwiseRosError):
    """A topic that cannot be played; the text says why, and what helps."""


def plan(
    bag: Bag, connections: Collection[Connection], options: PlayOptions, outcome: Outcome
) -> list[Route]:
    """Decide what is published where. What cannot be published is left out, and the outcome says so.

    Raises:
        BagError: if a topic to decode has no compressed pictures, or one to rename is not there.
    """
    if options.clock_hz and (clocks := [c for c in connections if c.topic == CLOCK_TOPIC]):
        outcome.tell(f"the recorded {CLOCK_TOPIC} is not played: --clock publishes one")
        connections = [connection for connection in connections if connection not in clocks]
    raw = raw_topics(connections, options, outcome.tell)
    _check_renamed(connections, raw, options)
    routes: list[Route] = []
    for connection in connections:
        decoded = raw.get(connection.id)
        if decoded is not None:
            _add(routes, connection, outcome, partial(_decoded, bag, connection, decoded, options))
        if decoded is None or options.compressed == "both":
            _add(routes, connection, outcome, partial(_as_recorded, bag, connection, options))
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


def _check_renamed(connections: Collection[Connection], raw: dict[int, str], options: PlayOptions) -> None:
    """A name that is misspelt would rename nothing, in silence."""
    as_recorded = [c for c in connections if c.id not in raw or options.compressed == "both"]
    names = {*raw.values(), *(c.topic for c in as_recorded)}
    if unknown := sorted(set(options.remap) - names - {_with_type(c.topic, c) for c in as_recorded}):
        raise BagError(
            f"--remap {' '.join(unknown)}: nothing is played under that name; "
            f"what is: {', '.join(sorted(names))}"
        )


def _with_type(name: str, connection: Connection) -> str:
    """Return how `--remap` names one of several types under one name."""
    return f"{name}@{connection.msgtype}"


def _add(routes: list[Route], connection: Connection, outcome: Outcome, make: Callable[[], Route]) -> None:
    try:
        route = make()
        for other in routes:
            if other.topic == route.topic and other.message_class is not route.message_class:
                raise _UnplayableError(
                    f"{other.connection.topic} is published on {route.topic} with another type; "
                    f"--remap {_with_type(connection.topic, connection)}:=/OTHER gives it a name of its own"
                )
    except _UnplayableError as reason:
        outcome.leave_out(LeftOut(connection.topic, connection.msgtype, connection.msgcount, str(reason)))
    else:
        routes.append(route)


def _as_recorded(bag: Bag, connection: Connection, options: PlayOptions) -> Route:
    topic = _published_name(connection, connection.topic, options)
    message_class = _message_class(connection)
    if difference := bag.definitions.difference(connection):
        raise _UnplayableError(
            f"the definition of {connection.msgtype} has changed since the recording ({difference}); "
            "source the workspace that it was recorded with"
        )
    return Route(connection, topic, message_class, _qos(connection), _copying(bag, connection))


def _decoded(bag: Bag, connection: Connection, raw: str, options: PlayOptions) -> Route:
    topic = _published_name(connection, raw, options)
    _check_serialization(connection)
    return Route(connection, topic, Image, _qos(connection), _decoding(bag, connection))


def _qos(connection: Connection) -> QoSProfile:
    return for_playing(profiles_of(connection), at_least=kept(connection))


def _published_name(connection: Connection, name: str, options: PlayOptions) -> str:
    topic = options.remap.get(_with_type(name, connection), options.remap.get(name, name))
    if not is_valid(topic):
        # Without a name, or with one that nobody can type, there is nothing to write before the ":=".
        remedy = f"; --remap {shlex.quote(f'{name}:={similar(name)}')} plays it under another"
        raise _UnplayableError(
            f"ROS 2 does not allow the name {topic!r}{remedy if name and name.isprintable() else ''}"
        )
    return topic


def _check_serialization(connection: Connection) -> None:
    assert isinstance(connection.ext, ConnectionExtRosbag2)
    if connection.ext.serialization_format != CDR:
        raise _UnplayableError(
            f"its messages are written in {connection.ext.serialization_format}, "
            f"and ROS 2 publishes only {CDR}; convert the recording with the tool that wrote it"
        )


def _message_class(connection: Connection) -> type[Any]:
    _check_serialization(connection)
    package, _, rest = connection.msgtype.partition("/")
    kind, _, name = rest.partition("/")
    if kind in ("srv", "action"):
        raise _UnplayableError(
            f"{connection.msgtype} records the calls of a service or an action, "
            "which is not a topic to publish on; --topics names those to play"
        )
    # A bag may name any module, and importing one runs it: only message packages of ROS are.
    if not (_PACKAGE.fullmatch(package) and kind == "msg" and _MESSAGE.fullmatch(name)):
        what = f"{connection.msgtype!r} is not a ROS 2 message type"
        raise _UnplayableError(what if connection.msgtype else "the recording does not tell its type")
    try:
        get_package_share_directory(package)
        found: type[Any] = getattr(importlib.import_module(f"{package}.msg"), name)
    except (PackageNotFoundError, ImportError, AttributeError):
        raise _UnplayableError(
            f"its type {connection.msgtype} is not installed here; install the package {package}, "
            "or build it and source its workspace"
        ) from None
    return found


def _copying(bag: Bag, connection: Connection) -> Convert:
    try:
        check = checker(bag.definitions.store(connection), connection.msgtype)
    except BagError:
        check = checker(None, connection.msgtype)
    has_stamp = bag.definitions.begins_with_header(connection)

    def convert(data: bytes, offset_ns: int) -> object:
        if fault := check(data):
            raise MessageError(fault)
        return _shifted(data, offset_ns) if has_stamp else data

    return convert


def _decoding(bag: Bag, connection: Connection) -> Convert:
    def convert(data: bytes, offset_ns: int) -> Image:
        recorded: Any = bag.deserialize(_shifted(data, offset_ns), connection)
        header = Header(frame_id=recorded.header.frame_id)
        header.stamp.sec, header.stamp.nanosec = recorded.header.stamp.sec, recorded.header.stamp.nanosec
        try:
            return image_message(decompress(recorded.data, recorded.format), header)
        except InputError as error:
            raise MessageError(f"{error}; --compressed as-is publishes what was recorded") from error

    return convert


def _shifted(data: bytes, offset_ns: int) -> bytes:
    try:
        return shift_stamp(data, offset_ns) if offset_ns else data
    except (struct.error, IndexError) as error:
        raise MessageError(f"its {len(data)} bytes hold no time stamp that could be shifted") from error
