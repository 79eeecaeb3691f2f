"""Writes what is published on topics into a bag."""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from rclpy.node import Node
from rosbags.interfaces import Connection
from rosbags.typesys.store import Typestore

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.message_types import register_installed
from samwise_ros.bags.qos_conversion import for_recording, to_stored
from samwise_ros.bags.writer import BagWriter

LOOK_PERIOD_S = 0.1


class Recorder:
    """Subscribes to topics as soon as somebody publishes them, and writes what arrives as it arrived.

    Messages stay serialised, and get the time of their arrival.

    Args:
        node: to subscribe with; somebody has to spin it.
        writer: of the bag.
        types: the store that the writer was opened with; definitions of new types are added to it.
        topics: to record, resolved by the node's remappings; every topic there is where None.
        now: nanoseconds since the epoch.

    Attributes:
        recorded: number of messages by topic.
    """

    def __init__(
        self,
        node: Node,
        writer: BagWriter,
        types: Typestore,
        topics: Sequence[str] | None = None,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self.recorded: Counter[str] = Counter()
        self._node, self._writer, self._types, self._now = node, writer, types, now
        self._wanted = None if topics is None else {node.resolve_topic_name(topic) for topic in topics}
        self._seen: set[str] = set()
        self._timer = node.create_timer(LOOK_PERIOD_S, self.look_for_topics)

    @property
    def missing(self) -> list[str]:
        """The topics asked for that nobody has published so far."""
        return sorted((self._wanted or set()) - self._seen)

    def look_for_topics(self) -> None:
        """Subscribe to what is published by now and not recorded yet."""
        for topic, msgtypes in self._node.get_topic_names_and_types():
            if topic in self._seen or (self._wanted is not None and topic not in self._wanted):
                continue
            offered = self._node.get_publishers_info_by_topic(topic)
            if not offered:
                continue
            self._seen.add(topic)
            if len(msgtypes) > 1:
                self._node.get_logger().warning(
                    f"{topic} is not recorded: it has several types, {', '.join(msgtypes)}"
                )
                continue
            try:
                self._record(topic, msgtypes[0], [info.qos_profile for info in offered])
            except (BagError, ImportError, AttributeError) as error:
                self._node.get_logger().warning(f"{topic} is not recorded: {error}")

    def _record(self, topic: str, msgtype: str, offered: list[Any]) -> None:
        package, kind, name = msgtype.split("/")
        message_class = getattr(importlib.import_module(f"{package}.{kind}"), name)
        register_installed(self._types, msgtype)
        connection = self._writer.add_topic(topic, msgtype, [to_stored(profile) for profile in offered])
        self._node.create_subscription(
            message_class, topic, partial(self._on_message, connection), for_recording(offered), raw=True
        )
        self._node.get_logger().info(f"recording {topic} ({msgtype})")

    def _on_message(self, connection: Connection, data: bytes) -> None:
        self._writer.write(connection, self._now(), data)
        self.recorded[connection.topic] += 1
