"""What the bag tools have in common as processes: a node, and an orderly end."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import rclpy
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from samwise_ros.bags.errors import BagError

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopEvent(threading.Event):
    """Tells to stop, and which signal asked for it first.

    `threading.Event` holds a lock within `wait`, and a signal handler that sets it at that moment waits for
    itself forever. A pipe needs no lock.

    Attributes:
        number: of the signal; None where there was none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.number: int | None = None
        self._reader, self._writer = os.pipe()
        self._stopped = False

    def on_signal(self, number: int, _: FrameType | None) -> None:
        """Handle a signal."""
        if self.number is None:
            self.number = number
        self.set()

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._stopped

    def set(self) -> None:
        """Ask to stop."""
        if not self._stopped:
            self._stopped = True
            os.write(self._writer, b"x")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait so many seconds, or until asked to stop. Returns whether that is the case."""
        if not self._stopped:
            select.select([self._reader], [], [], timeout)
        return self._stopped

    def close(self) -> None:
        """Give back the pipe."""
        os.close(self._reader)
        os.close(self._writer)


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
        BagError: ROS does not take the arguments, or does not start.
    """
    stop = StopEvent()
    previous = {
        number: signal.signal(number, stop.on_signal)
        for number in _STOPPING
        # A closing terminal says SIGHUP, and nohup has it ignored.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN
    }
    node = None
    try:
        try:
            rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
            node = Node(name, enable_rosout=rosout)
        except Exception as error:  # Of several classes, depending on the version of rclpy.
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise BagError(f"ROS does not start: {reason}; look at what follows --ros-args") from error
        yield node, stop
    finally:
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()
        for number, handler in previous.items():
            signal.signal(number, handler)
        stop.close()


def split_arguments(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Divide a command line into our part and ROS' part, which begins with `--ros-args`."""
    if "--ros-args" not in arguments:
        return arguments, []
    position = arguments.index("--ros-args")
    return arguments[:position], arguments[position:]
