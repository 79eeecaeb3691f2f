"""What the bag tools have in common as processes: a node, and an orderly end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import rclpy
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from samwise_ros.processes.errors import ProcessError
from samwise_ros.processes.stop_event import StopEvent, stop_on_signals


@contextmanager
def ros_node(name: str, arguments: list[str], *, rosout: bool = True) -> Iterator[tuple[Node, StopEvent]]:
    """Open a node for the life of a command.

    rclpy's own signal handlers would take the publishers away in the middle of a message, and a recorder
    could not finish its file. So SIGINT, SIGTERM and SIGHUP only set the event, also again and again.

    Args:
        name: of the node.
        arguments: for ROS, from `--ros-args` on.
        rosout: whether what the node says is also published on /rosout.

    Yields:
        The node, and the event that tells to stop.

    Raises:
        ProcessError: if ROS does not take the arguments, or does not start.
    """
    node = None
    with stop_on_signals(even_if_ignored=(signal.SIGINT, signal.SIGTERM)) as stop:
        try:
            try:
                rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
                node = Node(name, enable_rosout=rosout)
            except Exception as error:  # Of several classes, depending on the version of rclpy.
                reason = (str(error).splitlines() or [type(error).__name__])[0]
                raise ProcessError(
                    f"ROS does not start: {reason}; look at what follows --ros-args"
                ) from error
            yield node, stop
        finally:
            if node is not None:
                node.destroy_node()
            rclpy.try_shutdown()


def split_arguments(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Divide a command line into our part and ROS' part, which begins with `--ros-args`."""
    if "--ros-args" not in arguments:
        return arguments, []
    position = arguments.index("--ros-args")
    return arguments[:position], arguments[position:]
