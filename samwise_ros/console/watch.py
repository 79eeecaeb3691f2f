"""Listens to a node, and keeps what there is to know about it now."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.srv import GetState
from rcl_interfaces.msg import Log
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import String

from samwise_msgs.msg import TargetState, TargetSwitched
from samwise_ros.console.events import Events, Kind, Presence
from samwise_ros.console.frames import FrameJoin
from samwise_ros.console.graph import COMPRESSED_TYPE, Offer, look
from samwise_ros.console.happenings import Happenings
from samwise_ros.console.health import Facts, Word, judge
from samwise_ros.console.heartbeat import Heartbeat
from samwise_ros.console.painter import Painter
from samwise_ros.console.series import Rate, Series
from samwise_ros.messages.stamps import NANOSECONDS, nanoseconds, read_stamp
from samwise_ros.topics import (
    DIAGNOSTICS_TOPIC,
    GROUND_TRUTH_TOPIC,
    LOG_TOPIC,
    MASK,
    SUGGESTIONS_TOPIC,
    TARGET,
    TARGET_SWITCHED,
    topic_of,
)

#: Best effort hears every publisher, and never holds one up.
PICTURES = QoSProfile(depth=5, reliability=ReliabilityPolicy.BEST_EFFORT)
WORDS = QoSProfile(depth=50, reliability=ReliabilityPolicy.RELIABLE)
LATCHED = QoSProfile(
    depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)

LOOK_PERIOD_S = 1.0
#: Without a mask for this long, or for this many times the last latency, pictures are shown as they come.
MASKLESS_S, MASKLESS_LATENCIES = 1.0, 3.0
MAX_LINES = 30
MAX_SUGGESTIONS = 8


@dataclass(frozen=True)
class Target:
    """A target as the node describes it.

    Attributes:
        expression: its sentence.
        present: whether it is in view.
        lost: whether it was in view before, and is not now.
        score: how sure the model is of that, 0 to 1.
        since: monotonic time of the frame with which it came into this state, in seconds.
        latency_s, computing_s: of the last frame.
    """

    expression: str
    present: bool
    lost: bool
    score: float
    since: float
    latency_s: float
    computing_s: float


@dataclass(frozen=True)
class Line:
    """A line that the node logged: its level (rcl_interfaces/Log), its text, when it came (monotonic)."""

    level: int
    text: str
    at: float


class Watch:
    """Everything the console knows of a node. The ROS thread writes; whoever reads gets whole values.

    Args:
        node: to listen with, spun by another thread.
        target_node: full name of the node to watch.
        width: of the pictures at most, in pixels.
    """

    def __init__(self, node: Node, target_node: str, width: int) -> None:
        self._node, self.name = node, target_node
        self.events = Events()
        self.latency, self.score, self.switches = Series(), Series(every_s=0.1), Series(every_s=0.0)
        self.overlap = Series()
        self.images, self.masks, self.states = Rate(), Rate(), Rate()
        self.offer = Offer()
        self.target: Target | None = None
        self.diagnostics: dict[str, DiagnosticStatus] = {}
        self.suggestions: tuple[str, ...] = ()
        self.undrawable: str | None = None
        self.image_publishers = 0
        self.painter = Painter(width, self.overlap.add, self._drawn)
        self._lines: deque[Line] = deque(maxlen=MAX_LINES)
        self._join, self._presence = FrameJoin(), Presence()
        self._happenings = Happenings(self.events, self.painter.illustrate)
        self._unmatched_before = self._unmatched_lately = 0
        self._chosen: str | None = None
        self._viewed: str | None = None
        self._images: Any = None
        self._gone = True
        self._heart = Heartbeat(node.create_client(GetState, f"{target_node}/get_state"))
        self._subscribe()
        node.create_timer(LOOK_PERIOD_S, self._look)

    def close(self) -> None:
        """End the drawing."""
        self.painter.close()

    @property
    def answers(self) -> bool:
        """Whether the node was heard of lately."""
        return self._heart.answers

    @property
    def state(self) -> str:
        """Of its lifecycle, in lower case; "" while unknown."""
        return self._heart.state

    @property
    def viewed(self) -> str | None:
        """The topic whose pictures are shown; None while there is none."""
        return self._viewed

    @property
    def passed_over(self) -> int:
        """Pictures that got no mask although a later one did."""
        return self._join.passed_over

    @property
    def lines(self) -> list[Line]:
        """What the node has logged lately, the newest last."""
        return list(self._lines)

    def choose(self, topic: str | None) -> None:
        """Show the pictures of this topic; None: of the one that the node listens to."""
        self._chosen = topic

    def health(self) -> Word:
        """How things stand."""
        target = self.target
        return judge(
            Facts(
                node=self.name,
                present=self.offer.present,
                answers=self.answers,
                state=self.state,
                image_topic=self.offer.image_topic or self._viewed,
                image_publishers=self.image_publishers,
                images_hz=self.images.per_second(),
                masks_hz=self.masks.per_second(),
                sentence=target.expression if target else "",
                unmatched=self._unmatched_lately,
                undrawable=self.undrawable,
            )
        )

    def _subscribe(self) -> None:
        listen = self._node.create_subscription
        listen(Image, topic_of(self.name, MASK), self._on_mask, PICTURES, raw=True)
        listen(Image, GROUND_TRUTH_TOPIC, self._on_truth, PICTURES, raw=True)
        listen(TargetState, topic_of(self.name, TARGET), self._on_target, WORDS)
        listen(TargetSwitched, topic_of(self.name, TARGET_SWITCHED), self._on_switch, WORDS)
        listen(DiagnosticArray, DIAGNOSTICS_TOPIC, self._on_diagnostics, WORDS)
        listen(Log, LOG_TOPIC, self._on_log, WORDS)
        listen(String, SUGGESTIONS_TOPIC, self._on_suggestions, LATCHED)

    def _look(self) -> None:
        self.offer = look(self._node, self.name)
        self._heart.ask(self.offer.present)
        gone = not (self.offer.present and self.answers)
        if gone != self._gone:
            self._gone = gone
            self.events.add(Kind.NODE, f"{self.name} {'is gone' if gone else 'is there'}")
            if gone:
                self._heart.state, self.target = "", None
                self._presence.restart()
        topic = self._chosen or self.offer.image_topic or self._viewed
        if topic is not None:
            self.image_publishers = self._node.count_publishers(topic)
            if topic != self._viewed:
                self._view(topic)
        self._unmatched_lately = self._join.unmatched - self._unmatched_before
        self._unmatched_before = self._join.unmatched

    def _view(self, topic: str) -> None:
        if self._images is not None:
            self._node.destroy_subscription(self._images)
        self._viewed = topic
        self._join.clear()
        compressed = self.offer.image_topics.get(topic) == COMPRESSED_TYPE

        def on_image(data: bytes) -> None:
            self.images.tick()
            sight = self._join.add_image(read_stamp(data), data, compressed)
            if self._maskless():
                self.painter.show(sight)

        self._images = self._node.create_subscription(
            CompressedImage if compressed else Image, topic, on_image, PICTURES, raw=True
        )

    def _maskless(self) -> bool:
        age = self.masks.age_s()
        latency = self.target.latency_s if self.target else 0.0
        return age is None or age > max(MASKLESS_S, MASKLESS_LATENCIES * latency)

    def _on_mask(self, data: bytes) -> None:
        self.masks.tick()
        self._heart.beat()
        sight = self._join.add_mask(read_stamp(data), data)
        if sight is None:
            return
        self._happenings.see(sight)
        self.painter.show(sight)

    def _on_truth(self, data: bytes) -> None:
        self._join.add_truth(read_stamp(data), data)

    def _on_target(self, message: TargetState) -> None:
        self.states.tick()
        before, now = self.target, time.monotonic()
        present = message.status == TargetState.TRACKING
        expression = str(message.expression)
        new = before is None or before.expression != expression
        if new:
            self._presence.restart()
            self._happenings.add(Kind.SENTENCE, f"following “{expression}”")
        changed = before is None or new or before.present != present
        self.target = Target(
            expression=expression,
            present=present,
            lost=message.status == TargetState.LOST,
            score=float(message.score),
            since=now if before is None or changed else before.since,
            latency_s=nanoseconds(message.latency) / NANOSECONDS,
            computing_s=nanoseconds(message.processing_time) / NANOSECONDS,
        )
        self.latency.add(1000 * self.target.latency_s)
        self.score.add(self.target.score)
        if (kind := self._presence.see(present)) is not None:
            self._happenings.add(kind, f"{kind.value} “{expression}”")

    def _on_switch(self, message: TargetSwitched) -> None:
        self.switches.add(float(message.probability))
        self._happenings.add(
            Kind.SWITCHED,
            f"switched to another target for “{message.expression}”, {message.probability:.0%} sure",
        )

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        own = self.name.lstrip("/")
        known = dict(self.diagnostics)
        known.update({s.name: s for s in message.status if s.name.lstrip("/").startswith(own)})
        self.diagnostics = known

    def _on_log(self, message: Log) -> None:
        # Loggers are named like nodes, with dots: front.segmenter
        if str(message.name) == self.name.lstrip("/").replace("/", "."):
            self._lines.append(Line(int(message.level), str(message.msg), time.monotonic()))

    def _on_suggestions(self, message: String) -> None:
        lines = (line.strip()[:120] for line in str(message.data).splitlines())
        self.suggestions = tuple(line for line in lines if line)[:MAX_SUGGESTIONS]

    def _drawn(self, error: str | None) -> None:
        self.undrawable = error
