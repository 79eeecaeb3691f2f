"""Spins a node beside asyncio."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

SPIN_S = 0.5


@contextmanager
def spinning_node(name: str, arguments: list[str]) -> Iterator[Node]:
    """Open a node that a thread of its own spins. Signals stay the business of the main thread.

    Args:
        name: of the node.
        arguments: for ROS, from `--ros-args` on.
    """
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    ended = threading.Event()
    node = Node(name)
    executor = SingleThreadedExecutor()
    executor.add_node(node)

    def spin() -> None:
        while not ended.is_set():
            executor.spin_once(timeout_sec=SPIN_S)

    thread = threading.Thread(target=spin, name="ros", daemon=True)
    thread.start()
    try:
        yield node
    finally:
        ended.set()
        executor.wake()
        thread.join()
        executor.shutdown()
        node.destroy_node()
        rclpy.try_shutdown()
