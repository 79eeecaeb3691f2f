"""Plays the messages of a bag at their times."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

from builtin_interfaces.msg import Time
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rosbags.highlevel import AnyReader
from rosbags.interfaces import Connection
from rosgraph_msgs.msg import Clock

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play_options import PlayOptions
from samwise_ros.bags.playlist import Route, ahead, plan
from samwise_ros.bags.qos_conversion import is_latched
from samwise_ros.bags.reader import messages, select, stored_qos
from samwise_ros.bags.schedule import Event, Pacer, with_clock_ticks
from samwise_ros.bags.stamps import NANOSECONDS

#: Pictures decoded in advance, so that a slow one does not come late.
LOOK_AHEAD = 16
POLL_S = 0.05
#: How long subscribers may take to confirm the last messages.
FLUSH = Duration(seconds=2)


class Player:
    """Publishes a bag through a node.

    Args:
        node: to publish with; needs no spinning.
        reader: the bag, open.
        options: how to play it.
        stop: ends waiting and playing when set.

    Attributes:
        published: number of messages by published topic.
        offset_ns: what was added to the header stamps in the last round; 0 without `restamp`.
    """

    def __init__(
        self,
        node: Node,
        reader: AnyReader,
        options: PlayOptions,
        stop: threading.Event,
    ) -> None:
        self.published: Counter[str] = Counter()
        self.offset_ns = 0
        self._reader, self._options, self._stop = reader, options, stop
        self._start = reader.start_time + round(options.start_s * NANOSECONDS)
        self._end = reader.end_time
        if options.duration_s is not None:
            self._end = min(self._end, self._start + round(options.duration_s * NANOSECONDS))
        if self._start >= self._end:
            raise BagError(
                f"nothing to play after {options.start_s:g} s: the recording is "
                f"{reader.duration / NANOSECONDS:.1f} s long"
            )
        routes = plan(reader, select(reader.connections, options.topics), options, node.get_logger().warning)
        self._routes: dict[int, list[Route]] = {}
        for route in routes:
            self._routes.setdefault(route.connection.id, []).append(route)
        self._connections = list({route.connection.id: route.connection for route in routes}.values())
        self._publishers: dict[str, Any] = {}
        for route in routes:
            if route.topic not in self._publishers:
                self._publishers[route.topic] = node.create_publisher(
                    route.message_class, route.topic, route.qos
                )
        self._clock = (
            node.create_publisher(
                Clock, "/clock", QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
            )
            if options.clock_hz
            else None
        )

    @property
    def duration_s(self) -> float:
        """Seconds of the recording that one round plays."""
        return (self._end - self._start) / NANOSECONDS

    def wait_for_subscribers(self) -> None:
        """Wait until the topics of `options.wait_for` have one each, or until told to stop.

        Raises:
            BagError: one of them is not played, or found no subscriber in time.
        """
        if unknown := [topic for topic in self._options.wait_for if topic not in self._publishers]:
            raise BagError(
                f"cannot wait for subscribers of {', '.join(unknown)}: what is published is "
                f"{', '.join(sorted(self._publishers))}"
            )
        deadline = time.monotonic() + self._options.wait_timeout_s
        while waiting := [
            topic for topic in self._options.wait_for if self._publishers[topic].get_subscription_count() == 0
        ]:
            if time.monotonic() > deadline:
                raise BagError(
                    f"nobody subscribed to {', '.join(waiting)} within {self._options.wait_timeout_s:g} s; "
                    "check the topic names (--remap), the quality of service and ROS_DOMAIN_ID"
                )
            if self._stop.wait(POLL_S):
                return

    def play(self, progress: Callable[[float], object] = lambda seconds: None) -> None:
        """Play one round after the other, until the end or until told to stop.

        Args:
            progress: called with the seconds of the recording since the last call.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode") as executor:
            while not self._stop.is_set():
                self._play_round(executor, progress)
                if not self._options.loop:
                    break
        for publisher in self._publishers.values():
            publisher.wait_for_all_acked(FLUSH)

    def _play_round(self, executor: Executor, progress: Callable[[float], object]) -> None:
        if self._options.restamp:
            self.offset_ns = time.time_ns() - self._start
        events: Iterator[Event] = ahead(self._messages(), self._prepare, executor, LOOK_AHEAD)
        if self._clock is not None:
            period = round(NANOSECONDS / self._options.clock_hz)
            events = with_clock_ticks(events, self._start, self._end, period, self._tick)
        pacer = Pacer(self._start, self._options.rate, self._stop)
        position = self._start
        for event in events:
            if not pacer.wait_until(event.stamp_ns):
                return
            event.act()
            progress((event.stamp_ns - position) / NANOSECONDS)
            position = event.stamp_ns

    def _messages(self) -> Iterator[tuple[Connection, int, bytes]]:
        yield from self._latched_before_start()
        yield from messages(self._reader, self._connections, self._start, self._end)

    def _latched_before_start(self) -> Iterator[tuple[Connection, int, bytes]]:
        latched = [c for c in self._connections if is_latched(stored_qos(c))]
        if not latched or self._start <= self._reader.start_time:
            return
        last = {c.id: (c, data) for c, _, data in messages(self._reader, latched, stop_ns=self._start)}
        for connection, data in last.values():
            yield connection, self._start, data

    def _prepare(self, message: tuple[Connection, int, bytes]) -> Event:
        connection, stamp_ns, data = message
        ready = [(route.topic, route.convert(data, self.offset_ns)) for route in self._routes[connection.id]]
        return Event(stamp_ns, partial(self._publish, ready))

    def _publish(self, ready: list[tuple[str, object]]) -> None:
        for topic, message in ready:
            self._publishers[topic].publish(message)
            self.published[topic] += 1

    def _tick(self, stamp_ns: int) -> None:
        assert self._clock is not None
        sec, nanosec = divmod(stamp_ns, NANOSECONDS)
        self._clock.publish(Clock(clock=Time(sec=sec, nanosec=nanosec)))
