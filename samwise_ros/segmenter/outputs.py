"""The publishers of the segmenter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rclpy.lifecycle import LifecycleNode
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import Image

from samwise_msgs.msg import TargetEvent, TargetState, TargetSwitched
from samwise_ros import qos
from samwise_ros.topics import MASK, OVERLAY, TARGET, TARGET_EVENT, TARGET_SWITCHED, private

if TYPE_CHECKING:
    from samwise_ros.pipeline import FrameOutput


class Outputs:
    """Publishes what the pipeline returns, while the node is active.

    Args:
        node: to publish with. Topics are private to it, and quality of service can be overridden.
    """

    def __init__(self, node: LifecycleNode) -> None:
        self._node = node
        overridable = QoSOverridingOptions.with_default_policies()
        create = node.create_lifecycle_publisher
        self._mask = create(Image, private(MASK), qos.RESULT, qos_overriding_options=overridable)
        self._target = create(TargetState, private(TARGET), qos.RESULT, qos_overriding_options=overridable)
        self._switched = create(
            TargetSwitched, private(TARGET_SWITCHED), qos.EVENT, qos_overriding_options=overridable
        )
        self._event = create(
            TargetEvent, private(TARGET_EVENT), qos.EVENT, qos_overriding_options=overridable
        )
        self._overlay = create(Image, private(OVERLAY), qos.RESULT, qos_overriding_options=overridable)

    def publish(self, output: FrameOutput) -> None:
        """Publish mask, state and events of a frame."""
        self._mask.publish(output.mask)
        self._target.publish(output.state)
        for event in output.events:
            self._event.publish(event)
        for switch in output.switches:
            self._switched.publish(switch)

    @property
    def overlay_wanted(self) -> bool:
        """Whether anyone subscribes to the overlay."""
        return self._overlay.get_subscription_count() > 0

    def publish_overlay(self, overlay: Image) -> None:
        """Publish the overlay of a frame."""
        self._overlay.publish(overlay)

    def close(self) -> None:
        """Destroy the publishers."""
        for publisher in (self._mask, self._target, self._event, self._switched, self._overlay):
            self._node.destroy_lifecycle_publisher(publisher)
