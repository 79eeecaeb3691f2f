"""Plays the messages of a bag at their times."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

from builtin_interfaces.msg import Time
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rosgraph_msgs.msg import Clock

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play.latched import before
from samwise_ros.bags.play.outcome import LeftOut, Outcome
from samwise_ros.bags.play.play_options import PlayOptions
from samwise_ros.bags.play.playlist import Route, ahead, plan
from samwise_ros.bags.play.schedule import Event, Pacer, with_clock_ticks
from samwise_ros.bags.play.timeline import Timeline
from samwise_ros.bags.reader import Bag, Message, select
from samwise_ros.messages.stamps import NANOSECONDS
from samwise_ros.topics import CLOCK_TOPIC

#: Pictures decoded in advance, so that a slow one does not come late.
LOOK_AHEAD = 16
POLL_S = 0.05
#: How long subscribers may take to confirm the last messages.
FLUSH = Duration(seconds=2)
#: A stamp counts seconds in 32 bits.
LAST_STAMP_NS = (1 << 31) * NANOSECONDS


class Player:
    """Publishes a bag through a node.

    Args:
        node: to publish with; needs no spinning.
        bag: to play.
        options: how to play it.
        stop: ends waiting and playing when set.
        tell: gets a line for everything that is not played, or not as recorded.

    Attributes:
        outcome: what was published, and what was not.

    Raises:
        BagError: if there is nothing to play, or a topic of the options is not there.
    """

    def __init__(
        self,
        node: Node,
        bag: Bag,
        options: PlayOptions,
        stop: threading.Event,
        tell: Callable[[str], object],
    ) -> None:
        self.outcome = Outcome(tell)
        self._node, self._bag, self._options, self._stop = node, bag, options, stop
        connections = select(bag.connections, options.topics)
        if not bag.message_count:
            can_be_read = " that can be read" if bag.faults else ""
            raise BagError(f"the recording {bag.path} holds no messages{can_be_read}")
        self._timeline = Timeline(bag.stretches(options.max_gap_ns))
        self._start, self._end = self._range()
        if gaps := self._timeline.gaps():
            tell(f"the recording has gaps, which are left out: {gaps}; --max-gap inf waits for them")
        routes = plan(bag, connections, options, self.outcome)
        self._publishers: dict[str, Any] = {}
        self._routes: dict[int, list[Route]] = {}
        for route in routes:
            if route.topic in self._publishers or self._create_publisher(route):
                self._routes.setdefault(route.connection.id, []).append(route)
        self._check_awaited()
        self._connections = [c for c in connections if c.id in self._routes]
        best_effort = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
        self._clock = node.create_publisher(Clock, CLOCK_TOPIC, best_effort) if options.clock_hz else None

    @property
    def duration_s(self) -> float:
        """Seconds that one round plays, at the recorded speed."""
        return (self._timeline.position(self._end) - self._timeline.position(self._start)) / NANOSECONDS

    def wait_for_subscribers(self) -> None:
        """Wait until the topics of `options.wait_for` have one each, or until told to stop.

        Raises:
            BagError: if one of them found no subscriber in time.
        """
        wanted = {topic: self._publishers[topic] for topic in self._options.wait_for}
        deadline = time.monotonic() + self._options.wait_timeout_s
        while waiting := [t for t, publisher in wanted.items() if publisher.get_subscription_count() == 0]:
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
            progress: called with the seconds that were played since the last call.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="decode") as executor:
            while self._publishers and not self._stop.is_set():
                published = self.outcome.published.total()
                self._play_round(executor, progress)
                # Round after round of nothing would only keep the processor busy.
                if not self._options.loop or self.outcome.published.total() == published:
                    break
        for publisher in self._publishers.values():
            if not self._stop.is_set():
                publisher.wait_for_all_acked(FLUSH)

    def _range(self) -> tuple[int, int]:
        """Return from which time of the recording to which one to play."""
        length = self._timeline.length
        start = round(self._options.start_s * NANOSECONDS)
        if start > length:
            raise BagError(
                f"nothing to play after {self._options.start_s:g} s: the recording is "
                f"{length / NANOSECONDS:.1f} s long"
            )
        end = self._bag.end_time
        if self._options.duration_s is not None:
            last = start + round(self._options.duration_s * NANOSECONDS)
            end = end if last > length else self._timeline.time_at(last)
        return self._timeline.time_at(start) if start else self._bag.start_time, end

    def _create_publisher(self, route: Route) -> bool:
        try:
            self._publishers[route.topic] = self._node.create_publisher(
                route.message_class, route.topic, route.qos
            )
        except Exception as error:  # ROS has a class of its own for everything that it refuses.
            connection = route.connection
            reason = f"ROS refuses to publish it on {route.topic}: {error}; --remap gives it another name"
            self.outcome.leave_out(
                LeftOut(connection.topic, connection.msgtype, connection.msgcount, " ".join(reason.split()))
            )
            return False
        return True

    def _check_awaited(self) -> None:
        if unknown := [topic for topic in self._options.wait_for if topic not in self._publishers]:
            raise BagError(
                f"cannot wait for subscribers of {', '.join(unknown)}: what is published is "
                f"{', '.join(sorted(self._publishers)) or 'nothing'}"
            )

    def _play_round(self, executor: Executor, progress: Callable[[float], object]) -> None:
        first = self._timeline.position(self._start)
        self._began_ns = time.time_ns()
        if self._options.restamp:
            self.outcome.offset_ns = self._began_ns - self._start
        events: Iterator[Event] = ahead(self._messages(), self._prepare, executor, LOOK_AHEAD)
        if self._clock is not None:
            period = round(NANOSECONDS / self._options.clock_hz)
            ticks = self._timeline.ticks(self._start, min(self._end, LAST_STAMP_NS - 1), period)
            events = with_clock_ticks(events, ticks, self._tick)
        pacer = Pacer(first, self._options.rate, self._stop)
        position = first
        for event in events:
            now = self._timeline.position(event.stamp_ns)
            if not pacer.wait_until(now):
                return
            event.act()
            progress((now - position) / NANOSECONDS)
            position = now
        self._check_counts()

    def _messages(self) -> Iterator[Message]:
        self._read = 0
        for connection, _, data in before(self._bag, self._connections, self._start):
            yield connection, self._start, data
        for message in self._bag.messages(self._connections, self._start, self._end):
            self._read += 1
            yield message

    def _check_counts(self) -> None:
        """Say when a round over everything has read less than the files count."""
        counted = sum(connection.msgcount for connection in self._connections)
        whole = (self._start, self._end) == (self._bag.start_time, self._bag.end_time)
        if whole and self._read < counted and not self._bag.faults:
            self._bag.fault(f"{self._bag.path} counts {counted} messages, but {self._read} can be read")

    def _prepare(self, message: Message) -> Event:
        connection, stamp_ns, data = message
        offset = self._began_ns + self._since_start(stamp_ns) - stamp_ns if self._options.restamp else 0
        ready = []
        for route in self._routes[connection.id]:
            try:
                ready.append((route.topic, route.convert(data, offset)))
            except BagError as error:
                seconds = self._timeline.position(stamp_ns) / NANOSECONDS
                self.outcome.spoil(connection.topic, seconds, error)
        return Event(stamp_ns, partial(self._publish, ready))

    def _since_start(self, stamp_ns: int) -> int:
        return self._timeline.position(stamp_ns) - self._timeline.position(self._start)

    def _publish(self, ready: list[tuple[str, object]]) -> None:
        for topic, message in ready:
            self._publishers[topic].publish(message)
            self.outcome.published[topic] += 1

    def _tick(self, stamp_ns: int) -> None:
        assert self._clock is not None
        sec, nanosec = divmod(stamp_ns, NANOSECONDS)
        self._clock.publish(Clock(clock=Time(sec=sec, nanosec=nanosec)))
