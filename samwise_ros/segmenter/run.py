"""The life of the process: a node that spins, and an end that leaves nothing behind."""

from __future__ import annotations

import os
import sys

import rclpy
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.signals import SignalHandlerOptions

from samwise_ros.errors import InputError
from samwise_ros.processes.spin import spin_until_told_to_end
from samwise_ros.processes.stop_event import StopEvent
from samwise_ros.segmenter.node import SegmenterNode


def run_segmenter(arguments: list[str] | None, stop: StopEvent) -> None:
    """Run the node until told to stop.

    Args:
        arguments: for ROS; None: those of the process.
        stop: set by the signals that end the process.

    Raises:
        InputError: if a value given at start is of the wrong type or out of range.
    """
    # Its own handlers would take the publishers away under the hands of the worker.
    rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    node, closed = None, True
    try:
        node = _open_node(stop)
        # The node starts itself before it answers its first request: whoever finds it unconfigured knows that
        # it has tried, or was told not to.
        spin_until_told_to_end(node, told=stop.is_set, first=node.autostart)
    finally:
        if node is not None:
            closed = node.close()
            # Also tells the other processes that this one leaves; otherwise they wait for it to time out.
            node.destroy_node()
        rclpy.try_shutdown()
        if not closed:
            # A thread is deep inside torch, and Python would abort if it were taken down around it.
            sys.stdout.flush()
            os._exit(0)


def _open_node(stop: StopEvent) -> SegmenterNode:
    try:
        return SegmenterNode(stop.is_set)
    except (InvalidParameterTypeException, InvalidParameterValueException) as error:
        raise InputError(str(error)) from error
