"""Hears sentences from every kind of publisher."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rclpy.event_handler import SubscriptionEventCallbacks
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy
from std_msgs.msg import String

from samwise_ros import topics
from samwise_ros.qos import EXPRESSION, LATCHED_EXPRESSION

if TYPE_CHECKING:
    from rclpy.subscription import MessageInfo, Subscription


class ExpressionSubscriptions:
    """Two subscriptions to one topic.

    A volatile subscription hears everyone who speaks while the node is there. What a latched publisher said
    before takes a transient local one, and that would not match a plain `ros2 topic pub`, which is told so
    in a puzzling warning. So the second one is opened only when a latched publisher is there.

    Args:
        node: to subscribe with.
        hear: called with the text, the stamp of the sender in nanoseconds, and whether it may have been
            said before the node was there. What a latched publisher says arrives in both ways.
    """

    def __init__(self, node: Node, hear: Callable[[str, int, bool], None]) -> None:
        self._node, self._hear = node, hear
        self._latched: Subscription[String] | None = None
        self._live = node.create_subscription(
            String,
            topics.EXPRESSION,
            self._on_live,
            EXPRESSION,
            event_callbacks=SubscriptionEventCallbacks(matched=lambda _: self._look_for_latched()),
        )

    def close(self) -> None:
        """End both subscriptions."""
        for subscription in (self._live, self._latched):
            if subscription is not None:
                self._node.destroy_subscription(subscription)

    def _look_for_latched(self) -> None:
        publishers = self._node.get_publishers_info_by_topic(self._live.topic_name)
        latched = any(p.qos_profile.durability == DurabilityPolicy.TRANSIENT_LOCAL for p in publishers)
        if latched and self._latched is None:
            self._latched = self._node.create_subscription(
                String,
                topics.EXPRESSION,
                self._on_latched,
                LATCHED_EXPRESSION,
                # It matches some publishers only, on purpose: no warning about the others.
                event_callbacks=SubscriptionEventCallbacks(use_default_callbacks=False),
            )

    def _on_live(self, message: String, info: MessageInfo) -> None:
        self._hear(message.data, info["source_timestamp"], False)

    def _on_latched(self, message: String, info: MessageInfo) -> None:
        self._hear(message.data, info["source_timestamp"], True)
