"""Runs a node until it is told to end."""

from __future__ import annotations

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node


def spin_until_told_to_end(node: Node) -> None:
    """Spin until Ctrl-C, another signal, or `rclpy.shutdown`, whichever moment they choose."""
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except RuntimeError:
        # rclpy looks whether it has been shut down, and then builds its wait set. A signal that comes between
        # the two makes that fail with an RCLError, a RuntimeError that has no public name.
        if rclpy.ok():
            raise
