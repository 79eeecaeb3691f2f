from collections.abc import Iterator

import pytest
import rclpy
from rclpy.node import Node
from rclpy.waitable import NumberOfEntities, Waitable

from samwise_ros.processes.spin import spin_until_told_to_end

pytestmark = pytest.mark.dds


class Meanwhile(Waitable):
    """Does something after the executor has looked whether to go on, before it builds its wait set."""

    def __init__(self, node: Node, what) -> None:
        super().__init__(node.default_callback_group)
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error) -> None:
        pass

    def get_num_entities(self) -> NumberOfEntities:
        self._what()
        return NumberOfEntities()

    def add_to_wait_set(self, wait_set) -> None:
        pass

    def is_ready(self, wait_set) -> bool:
        return False


@pytest.fixture
def node() -> Iterator[Node]:
    rclpy.init()
    node = Node("spinning")
    yield node
    node.destroy_node()
    rclpy.try_shutdown()


def test_a_signal_before_the_wait_set_ends_it_quietly(node):
    node.add_waitable(Meanwhile(node, rclpy.shutdown))
    spin_until_told_to_end(node)
    assert not rclpy.ok()


def test_an_error_of_the_node_is_not_hidden(node):
    def fail():
        raise RuntimeError("broken")

    node.add_waitable(Meanwhile(node, fail))
    with pytest.raises(RuntimeError, match="broken"):
        spin_until_told_to_end(node)
