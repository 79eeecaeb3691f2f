from __future__ import annotations

from samwise_ros.console.graph import Offer, look, split_name

IMAGE, COMPRESSED, STRING = (
    ["sensor_msgs/msg/Image"],
    ["sensor_msgs/msg/CompressedImage"],
    ["std_msgs/msg/String"],
)


class Graph:
    """What rclpy tells of one node."""

    def __init__(self) -> None:
        self.nodes = [("segmenter", "/front"), ("other", "/")]
        self.heard = [("/camera/depth", IMAGE), ("/camera/image", IMAGE), ("/say", STRING), ("/clock", ["x"])]
        self.services = [("/front/segmenter/get_state", ["lifecycle_msgs/srv/GetState"]), ("/else", ["y"])]
        self.topics = [
            ("/camera/image", IMAGE),
            ("/camera/image/compressed", COMPRESSED),
            ("/dead/image", IMAGE),
            ("/say", STRING),
        ]
        self.leaving = False

    def get_node_names_and_namespaces(self) -> list[tuple[str, str]]:
        return self.nodes

    def get_subscriber_names_and_types_by_node(
        self, name: str, namespace: str
    ) -> list[tuple[str, list[str]]]:
        if self.leaving:
            raise RuntimeError("node not found")
        return self.heard

    def get_service_names_and_types_by_node(self, name: str, namespace: str) -> list[tuple[str, list[str]]]:
        return self.services

    def get_topic_names_and_types(self) -> list[tuple[str, list[str]]]:
        return self.topics

    def count_publishers(self, topic: str) -> int:
        return 0 if topic == "/dead/image" else 1


def test_a_node_is_known_by_what_it_hears_and_offers() -> None:
    offer = look(Graph(), "/front/segmenter")
    assert offer == Offer(
        present=True,
        image_topic="/camera/image",
        expression_topic="/say",
        services={"get_state": "lifecycle_msgs/srv/GetState", "/else": "y"},
        image_topics={"/camera/image": IMAGE[0], "/camera/image/compressed": COMPRESSED[0]},
    )


def test_a_node_that_is_not_there_leaves_the_choice_of_images() -> None:
    offer = look(Graph(), "/segmenter")
    assert not offer.present and offer.image_topic is None
    assert list(offer.image_topics) == ["/camera/image", "/camera/image/compressed"]


def test_a_node_that_leaves_while_it_is_looked_at_is_not_there() -> None:
    graph = Graph()
    graph.leaving = True
    assert not look(graph, "/front/segmenter").present


def test_names() -> None:
    assert split_name("/segmenter") == ("segmenter", "/")
    assert split_name("/front/left/segmenter") == ("segmenter", "/front/left")
