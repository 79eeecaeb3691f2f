"""What to tell someone who gets no masks because the node gets no images."""

from __future__ import annotations

from collections.abc import Sequence

from rclpy.topic_endpoint_info import TopicEndpointInfo


def no_image_warning(topic: str, silent_s: float, publishers: Sequence[TopicEndpointInfo]) -> str:
    """One line with the cause that is most likely and what to do about it.

    Args:
        topic: resolved name of the subscription.
        silent_s: seconds without an image.
        publishers: everyone who publishes on that name.
    """
    line = f"no image for {silent_s:.0f} s on {topic}; publishers: {len(publishers)}"
    if not publishers:
        return f"{line}; start the camera, or remap it: --ros-args -r image:=/your/camera/image_raw"
    types = sorted({p.topic_type for p in publishers})
    if types != ["sensor_msgs/msg/Image"]:
        return f"{line}, of type {', '.join(types)}; the node needs sensor_msgs/msg/Image"
    offers = "; ".join(
        f"{p.node_name}: {p.qos_profile.reliability.name}, {p.qos_profile.durability.name}"
        for p in publishers
    )
    return (
        f"{line} ({offers}), which this node can hear; check that the camera delivers "
        f"(ros2 topic hz {topic}) and that large messages get through (docs: config/fastdds.xml)"
    )
