"""Runs a node until it is told to end."""

from __future__ import annotations

from collections.abc import Callable

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node

#: Where no message or timer wakes the thread up, Python handles a signal within this many seconds.
WAKE_S = 0.2


def spin_until_told_to_end(
    node: Node, *, told: Callable[[], bool] = lambda: False, first: Callable[[], object] | None = None
) -> None:
    """Spin until told, until a signal raises KeyboardInterrupt, or until `rclpy.shutdown`.

    Args:
        node: to spin.
        told: whether to end; looked at every WAKE_S seconds at least.
        first: called once the node spins, before any of its callbacks.
    """
    executor = SingleThreadedExecutor(context=node.context)
    try:
        executor.add_node(node)
        if first is not None:
            executor.create_task(first)
        while node.context.ok() and not told():
            executor.spin_once(timeout_sec=WAKE_S)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except RuntimeError:
        # rclpy looks whether it has been shut down, and then builds its wait set. A shutdown between the two
        # makes that fail with an RCLError, a RuntimeError that has no public name.
        if rclpy.ok():
            raise
    finally:
        executor.shutdown(timeout_sec=0)
