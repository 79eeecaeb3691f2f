import pytest

from samwise_ros.processes.errors import ProcessError
from samwise_ros.processes.ros_node import ros_node, split_arguments


def test_arguments_that_ros_refuses_are_one_line() -> None:
    refused = pytest.raises(ProcessError, match="ROS does not start: .*nonsense")
    with refused, ros_node("tool", ["--ros-args", "-r", "nonsense"]):
        pass


def test_a_command_line_is_divided_at_ros_args() -> None:
    assert split_arguments(["bag", "--ros-args", "-r", "a:=b"]) == (["bag"], ["--ros-args", "-r", "a:=b"])
    assert split_arguments(["bag"]) == (["bag"], [])
