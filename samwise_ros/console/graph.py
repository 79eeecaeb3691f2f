"""What the ROS graph shows of a node: the topics it hears, the services it offers, the images there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

IMAGE_TYPE, COMPRESSED_TYPE = "sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"
STRING_TYPE = "std_msgs/msg/String"

#: As rclpy's functions on the graph return them: (name, types).
NamesAndTypes = list[tuple[str, list[str]]]


class GraphNode(Protocol):
    """The part of rclpy's Node that looks at the graph."""

    def get_node_names_and_namespaces(self) -> list[tuple[str, str]]:
        """Every node there is."""

    def get_subscriber_names_and_types_by_node(self, name: str, namespace: str) -> NamesAndTypes:
        """What a node subscribes to."""

    def get_service_names_and_types_by_node(self, name: str, namespace: str) -> NamesAndTypes:
        """What services a node offers."""

    def get_topic_names_and_types(self) -> NamesAndTypes:
        """Every topic there is."""

    def count_publishers(self, topic: str) -> int:
        """How many publish on a topic."""


@dataclass(frozen=True)
class Offer:
    """What there is, at one moment.

    Attributes:
        present: whether the node is in the graph; one that was killed stays in it for a while.
        image_topic: the images that the node subscribes to; None while it does not.
        expression_topic: where it hears sentences; None while it does not.
        services: type by name, relative to the node ("get_state") where they are private to it.
        image_topics: type by name of every topic with pictures that somebody publishes.
    """

    present: bool = False
    image_topic: str | None = None
    expression_topic: str | None = None
    services: dict[str, str] = field(default_factory=dict)
    image_topics: dict[str, str] = field(default_factory=dict)


def split_name(full_name: str) -> tuple[str, str]:
    """Divide "/front/segmenter" into ("segmenter", "/front")."""
    namespace, _, name = full_name.rpartition("/")
    return name, namespace or "/"


def look(graph: GraphNode, full_name: str) -> Offer:
    """Look at the graph for a node of that name."""
    images = {
        topic: types[0]
        for topic, types in graph.get_topic_names_and_types()
        if types[0] in (IMAGE_TYPE, COMPRESSED_TYPE) and graph.count_publishers(topic)
    }
    name, namespace = split_name(full_name)
    if (name, namespace) not in graph.get_node_names_and_namespaces():
        return Offer(image_topics=images)
    try:
        heard = graph.get_subscriber_names_and_types_by_node(name, namespace)
        offered = graph.get_service_names_and_types_by_node(name, namespace)
    except Exception:  # rclpy's NodeNameNonExistentError has no public name: the node left in between.
        return Offer(image_topics=images)
    return Offer(
        present=True,
        image_topic=_first(heard, (IMAGE_TYPE, COMPRESSED_TYPE), not_in_it="depth"),
        expression_topic=_first(heard, (STRING_TYPE,)),
        services={topic.removeprefix(f"{full_name}/"): types[0] for topic, types in offered},
        image_topics=images,
    )


def _first(topics: NamesAndTypes, types: tuple[str, ...], not_in_it: str = "\0") -> str | None:
    return next((name for name, of in sorted(topics) if of[0] in types and not_in_it not in name), None)
