from __future__ import annotations

from collections.abc import Iterator

import pytest
import rclpy
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

from samwise_ros.segmenter.serving import serve_until

pytestmark = pytest.mark.dds


@pytest.fixture
def node() -> Iterator[Node]:
    context = rclpy.Context()
    rclpy.init(context=context)
    node = Node("serving", context=context)
    yield node
    node.destroy_node()
    context.try_shutdown()


def test_other_callbacks_run_while_one_waits_and_after_it(node: Node) -> None:
    ticks: list[int] = []
    node.create_timer(0.01, lambda: ticks.append(1))
    waited: list[int] = []

    def wait() -> None:
        before = len(ticks)
        timer.cancel()
        serve_until(node, lambda: len(ticks) >= before + 3)
        waited.append(len(ticks))

    timer = node.create_timer(0.01, wait, callback_group=ReentrantCallbackGroup())
    executor = SingleThreadedExecutor(context=node.context)
    executor.add_node(node)
    for _ in range(1000):
        executor.spin_once(timeout_sec=1.0)
        if waited and len(ticks) >= waited[0] + 3:
            break
    assert waited and len(ticks) >= waited[0] + 3, "the node is back with its own executor"
    assert node.executor is executor
    executor.shutdown(timeout_sec=0)


def test_a_node_that_nobody_spins_is_served_too(node: Node) -> None:
    ticks: list[int] = []
    node.create_timer(0.01, lambda: ticks.append(1))
    serve_until(node, lambda: len(ticks) >= 2)
    assert len(ticks) >= 2


def test_what_is_over_is_not_waited_for(node: Node) -> None:
    before = node.executor
    serve_until(node, lambda: True)
    assert node.executor is before
