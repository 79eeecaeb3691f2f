"""Writes what is published on topics into a bag."""

from __future__ import annotations

import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.node import Node
from rosbags.interfaces import Connection, Qos
from rosbags.typesys.store import Typestore

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.message_types import register_installed
from samwise_ros.bags.qos_conversion import to_stored
from samwise_ros.bags.record.recording_account import RecordingAccount, TopicAccount
from samwise_ros.bags.record.topic_subscriptions import TopicSubscriptions
from samwise_ros.bags.writer import BagWriter

LOOK_PERIOD_S = 0.1

_Key = tuple[str, str]
"""Topic and type: publishers may disagree about the type."""


class _Stream:
    """What is recorded of one topic and type."""

    def __init__(self, subscriptions: TopicSubscriptions) -> None:
        self.subscriptions = subscriptions
        self.profiles: list[Qos] = []
        #: A topic's description in a file cannot change: with new profiles another one takes over.
        self.connections: list[Connection] = []


class Recorder:
    """Subscribes to topics as soon as somebody publishes them, and writes what arrives as it arrived.

    Messages stay serialised, and get the time of their arrival. What goes wrong with one topic costs that
    topic, and is in the account.

    Args:
        node: to subscribe with; somebody has to spin it.
        writer: of the bag.
        types: the store that the writer was opened with; definitions of new types are added to it.
        topics: to record, resolved by the node's remappings; every topic there is where None.
        optional: more of them, which may be silent.
        now: nanoseconds since the epoch.

    Attributes:
        received: messages so far.
    """

    def __init__(
        self,
        node: Node,
        writer: BagWriter,
        types: Typestore,
        topics: Sequence[str] | None = None,
        optional: Sequence[str] = (),
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self.received = 0
        self._node, self._writer, self._types, self._now = node, writer, types, now
        self._required = None if topics is None else {node.resolve_topic_name(topic) for topic in topics}
        self._optional = {node.resolve_topic_name(topic) for topic in optional}
        self._streams: dict[_Key, _Stream] = {}
        self._refused: dict[_Key, str] = {}
        self._hidden: set[str] = set()
        # By a clock that runs also where use_sim_time is set and nobody publishes /clock.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(LOOK_PERIOD_S, self.look_for_topics, clock=steady)

    def look_for_topics(self) -> None:
        """Subscribe to what is published by now and not recorded yet."""
        for topic, _ in self._node.get_topic_names_and_types():
            if not self._is_wanted(topic):
                continue
            offered = defaultdict(list)
            for info in self._node.get_publishers_info_by_topic(topic):
                if not self._is_our_own(info):
                    offered[info.topic_type].append(info.qos_profile)
            for msgtype, profiles in offered.items():
                key = topic, msgtype
                if key in self._refused:
                    continue
                try:
                    self._follow(key, profiles)
                except Exception as error:  # Whatever is wrong with a type costs its topic, and no other.
                    self._refuse(key, error)

    def stop_looking(self) -> None:
        """Subscribe to nothing more."""
        self._timer.cancel()

    def finish(self) -> None:
        """Describe in the bag also the topics on which nothing came."""
        for key, stream in self._streams.items():
            if not stream.connections and key not in self._refused:
                self._describe(key, stream)

    def account(self) -> RecordingAccount:
        """Return what was recorded and what was not. To be asked once the bag is closed."""
        topics = [
            TopicAccount(
                topic,
                msgtype,
                sum(map(self._writer.count, stream.connections)),
                self._refused.get((topic, msgtype), ""),
                stream.subscriptions.late,
                stream.subscriptions.lost,
            )
            for (topic, msgtype), stream in self._streams.items()
        ]
        topics += [
            TopicAccount(topic, msgtype, refused=reason)
            for (topic, msgtype), reason in self._refused.items()
            if (topic, msgtype) not in self._streams
        ]
        return RecordingAccount(topics, self._required, len(self._hidden))

    def _is_wanted(self, topic: str) -> bool:
        if self._required is not None:
            return topic in self._required or topic in self._optional
        if any(part.startswith("_") for part in topic.split("/")):
            # Of services and actions; `ros2 topic list` does not show them, either.
            self._hidden.add(topic)
            return False
        return True

    def _is_our_own(self, info: Any) -> bool:
        own = self._node.get_name(), self._node.get_namespace()
        return (info.node_name, info.node_namespace) == own

    def _follow(self, key: _Key, offered: list[Any]) -> None:
        stream = self._streams.get(key)
        if stream is None:
            stream = self._open(key, offered)
        stream.subscriptions.follow(offered)
        new = [profile for profile in map(to_stored, offered) if profile not in stream.profiles]
        for profile in new:
            if profile not in stream.profiles:
                stream.profiles.append(profile)
        if new and stream.connections:
            self._describe(key, stream)

    def _open(self, key: _Key, offered: list[Any]) -> _Stream:
        topic, msgtype = key
        package, kind, name = msgtype.split("/")
        if kind != "msg":
            raise BagError(f"{msgtype} is made by a service or an action, and has no definition to record")
        register_installed(self._types, msgtype)
        message_class = getattr(importlib.import_module(f"{package}.{kind}"), name)
        subscriptions = TopicSubscriptions(self._node, topic, message_class, partial(self._on_message, key))
        try:
            subscriptions.follow(offered)
        except Exception as error:
            if others := [other for name, other in self._streams if name == topic]:
                raise BagError(
                    f"it has several types, and the middleware gives only one of them: {others[0]}"
                ) from error
            raise
        stream = self._streams[key] = _Stream(subscriptions)
        self._node.get_logger().info(f"recording {topic} ({msgtype})")
        return stream

    def _describe(self, key: _Key, stream: _Stream) -> None:
        stream.connections.append(self._writer.add_topic(*key, stream.profiles))

    def _on_message(self, key: _Key, data: bytes) -> None:
        self.received += 1
        stream = self._streams[key]
        if key in self._refused:
            return
        try:
            if not stream.connections:
                # Not before the first message: until then more publishers may be found.
                self._describe(key, stream)
            self._writer.write(stream.connections[-1], self._now(), data)
        except Exception as error:  # Something about this one message.
            self._refuse(key, error)

    def _refuse(self, key: _Key, error: Exception) -> None:
        if self._writer.failure is not None:
            # It is not the topic's fault, and concerns all of them.
            raise self._writer.failure from error
        topic, msgtype = key
        if isinstance(error, BagError):
            reason = str(error)
        else:
            lines = str(error).splitlines() or [type(error).__name__]
            reason = f"its type {msgtype} cannot be used here: {lines[0]}"
        self._refused[key] = reason
        self._node.get_logger().warning(f"{topic} is not recorded: {reason}")
