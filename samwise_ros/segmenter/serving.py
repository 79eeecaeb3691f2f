"""Waiting within a callback, while the node goes on answering."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

#: How often it is looked whether the wait is over, in seconds.
LOOK_PERIOD_S = 0.05


def serve_until(node: Node, done: Callable[[], bool]) -> None:
    """Run the other callbacks of a node, from within one of them, until `done`.

    They run in the calling thread, so that no two of them need a lock. It has to be the one that spins the
    node, and the callback that calls this in a reentrant group, or it keeps the others of its group waiting.

    rclpy's executor of several threads would be the usual way. It never rests, and lets most of 30 small
    messages per second be lost (rclpy 9.1 on two cores, measured).

    Args:
        node: to serve.
        done: looked at again and again; quick.
    """
    if done():
        return
    # An executor cannot be entered twice, so the node changes over to another one for the time being.
    outer, inner = node.executor, SingleThreadedExecutor(context=node.context)
    try:
        inner.add_node(node)
        while not done():
            inner.spin_once(timeout_sec=LOOK_PERIOD_S)
    finally:
        if outer is not None:
            outer.add_node(node)
        else:
            inner.remove_node(node)
        inner.shutdown(timeout_sec=0)
