"""What the bag tools have in common as processes: a node, and an orderly end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import rclpy
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions


@contextmanager
def ros_node(name: str, arguments: list[str]) -> Iterator[tuple[Node, threading.Event]]:
    """Open a node for the life of a command.

    rclpy's own signal handlers would take the publishers away in the middle of a message, and a recorder
    could not finish its file. So SIGINT and SIGTERM only set the event.

    Args:
        name: of the node.
        arguments: for ROS, from `--ros-args` on.

    Yields:
        The node, and the event that tells to stop.
    """
    stop = threading.Event()
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    previous = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    node = None
    try:
        node = Node(name)
        yield node, stop
    finally:
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()
        for number, handler in previous.items():
            signal.signal(number, handler)


def split_arguments(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Divide a command line into our part and ROS' part, which begins with `--ros-args`."""
    if "--ros-args" not in arguments:
        return arguments, []
    position = arguments.index("--ros-args")
    return arguments[:position], arguments[position:]
