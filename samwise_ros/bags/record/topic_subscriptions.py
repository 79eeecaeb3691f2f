"""Hears everything that is published on a topic, whatever quality of service its publishers offer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rclpy.node import Node
from rclpy.qos import (
    DurabilityPolicy,
    QoSProfile,
    ReliabilityPolicy,
    qos_policy_name_from_kind,
)

try:
    from rclpy.event_handler import SubscriptionEventCallbacks, UnsupportedEventTypeError
except ImportError:  # Humble
    from rclpy.qos_event import SubscriptionEventCallbacks, UnsupportedEventTypeError

from samwise_ros.bags.qos_conversion import for_recording

#: So many messages are remembered, to know those that come twice.
REMEMBERED = 1000

Level = tuple[ReliabilityPolicy, DurabilityPolicy]
_WEAKEST: Level = (ReliabilityPolicy.BEST_EFFORT, DurabilityPolicy.VOLATILE)


class TopicSubscriptions:
    """Subscriptions to one topic, one for every quality of service that is offered.

    A publisher that offers less than what a subscription asks for is not heard by it; asking for less than
    a publisher offers loses what could be had. So each is asked for what it offers, and of what comes
    through several subscriptions one is kept.

    Args:
        node: to subscribe with.
        topic: full name.
        message_class: of its messages, as rclpy knows it.
        on_message: gets each message once, serialised.

    Attributes:
        late: publishers that joined with less than was asked for until then. They are heard from then on.
        lost: messages that the middleware says it has lost on the way.
    """

    def __init__(
        self, node: Node, topic: str, message_class: Any, on_message: Callable[[bytes], None]
    ) -> None:
        self.late = self.lost = 0
        self._node, self._topic, self._class = node, topic, message_class
        self._on_message = on_message
        self._levels: dict[Level, Any] = {}
        self._recent: OrderedDict[object, None] = OrderedDict()

    def follow(self, offered: Iterable[QoSProfile]) -> None:
        """Have a subscription for each of these profiles."""
        for profile in offered:
            asked = for_recording([profile])
            self._subscribe((asked.reliability, asked.durability))

    def end(self) -> None:
        """Hear nothing any more."""
        for subscription in self._levels.values():
            self._node.destroy_subscription(subscription)
        self._levels.clear()

    def _subscribe(self, level: Level) -> None:
        if level in self._levels:
            return
        profile = for_recording([QoSProfile(depth=1, reliability=level[0], durability=level[1])])
        self._levels[level] = self._create(profile, message_lost=self._on_lost)

    def _create(self, profile: QoSProfile, **events: Callable[[Any], None]) -> Any:
        # rclpy's own answer to an incompatible publisher is a warning that no longer holds a moment later.
        callbacks = SubscriptionEventCallbacks(
            incompatible_qos=self._on_incompatible, use_default_callbacks=False, **events
        )
        try:
            return self._node.create_subscription(
                self._class, self._topic, self._received, profile, event_callbacks=callbacks, raw=True
            )
        except UnsupportedEventTypeError:
            if not events:
                raise
            return self._create(profile)

    def _received(self, data: bytes, info: Mapping[str, Any]) -> None:
        message = _identity(data, info)
        if message is not None:
            if message in self._recent:
                return
            self._recent[message] = None
            if len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        self._on_message(data)

    def _on_incompatible(self, event: Any) -> None:
        policy = qos_policy_name_from_kind(event.last_policy_kind)
        position = {"RELIABILITY": 0, "DURABILITY": 1}.get(policy)
        if position is None or any(level[position] is _WEAKEST[position] for level in self._levels):
            return
        self.late += event.total_count_change
        # At once: the next look at who publishes may come after its first messages.
        self._subscribe(_WEAKEST)

    def _on_lost(self, event: Any) -> None:
        self.lost += event.total_count_change


def _identity(data: bytes, info: Mapping[str, Any]) -> object:
    """Return what tells a message from all others; None where the middleware does not say."""
    sent = info.get("source_timestamp")
    if not sent:
        return None
    publisher = info.get("publisher_gid")
    who = bytes(publisher["data"]) if publisher else len(data)
    return who, sent, info.get("publication_sequence_number")
