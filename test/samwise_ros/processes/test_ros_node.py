import os
import signal
import threading

import pytest

from samwise_ros.bags.errors import BagError
from samwise_ros.processes.ros_node import StopEvent, ros_node, split_arguments


def test_a_signal_ends_a_wait_and_is_remembered() -> None:
    stop = StopEvent()
    previous = signal.signal(signal.SIGTERM, stop.on_signal)
    try:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert stop.wait(60.0)
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert stop.is_set()
    assert stop.number == signal.SIGTERM
    stop.close()


def test_signals_while_waiting_over_and_over_never_block() -> None:
    # With the lock of threading.Event this hangs within a few rounds.
    for _ in range(30):
        stop = StopEvent()
        previous = signal.signal(signal.SIGINT, stop.on_signal)
        try:
            threading.Timer(0.001, os.kill, (os.getpid(), signal.SIGINT)).start()
            while not stop.wait(0.0):
                pass
        finally:
            signal.signal(signal.SIGINT, previous)
        stop.close()


def test_arguments_that_ros_refuses_are_one_line() -> None:
    refused = pytest.raises(BagError, match="ROS does not start: .*nonsense")
    with refused, ros_node("tool", ["--ros-args", "-r", "nonsense"]):
        pass


def test_a_command_line_is_divided_at_ros_args() -> None:
    assert split_arguments(["bag", "--ros-args", "-r", "a:=b"]) == (["bag"], ["--ros-args", "-r", "a:=b"])
    assert split_arguments(["bag"]) == (["bag"], [])
