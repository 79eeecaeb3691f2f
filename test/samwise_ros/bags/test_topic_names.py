import pytest
from rclpy.exceptions import InvalidTopicNameException
from rclpy.expand_topic_name import expand_topic_name
from rclpy.validate_full_topic_name import validate_full_topic_name

from samwise_ros.bags.topic_names import LONGEST, is_valid, similar

VALID = ["/a", "/a/b_1/C", "a/b", "/_a", "~/a", "/" + "a" * (LONGEST - 1)]
INVALID = ["", "/", "//a", "/a//b", "/a/", "/1a", "/a-b", "/a b", "/a.b", "/ä", "/a/~", "/a\n"]


@pytest.mark.parametrize("name", VALID)
def test_names_that_ros_takes(name: str) -> None:
    assert is_valid(name)
    assert validate_full_topic_name(expand_topic_name(name, "node", "/"))


@pytest.mark.parametrize("name", INVALID)
def test_names_that_ros_refuses(name: str) -> None:
    assert not is_valid(name)
    with pytest.raises((InvalidTopicNameException, ValueError)):
        validate_full_topic_name(expand_topic_name(name, "node", "/"))


@pytest.mark.parametrize("name", [*INVALID, "/" + "a" * 300, "/9/8-7/x"])
def test_what_is_proposed_is_valid(name: str) -> None:
    assert is_valid(similar(name))


def test_what_is_proposed_is_alike() -> None:
    assert similar("camera-left") == "/camera_left"
    assert similar("/a//1b/the c") == "/a/_1b/the_c"
