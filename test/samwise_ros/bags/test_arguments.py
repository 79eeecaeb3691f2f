import argparse
import subprocess
import sys

import pytest

from samwise_ros.bags.arguments import frame_id, image_topic, picture_size, topic


@pytest.mark.parametrize("text", ["640", "640x", "0x480", "-1x2", "axb", "1x2x3", "15x480", "640x16385"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="WIDTHxHEIGHT, each from 16 to 16384"):
        picture_size(text)


def test_sizes() -> None:
    assert picture_size("640x480") == picture_size("640X480") == (640, 480)
    assert picture_size("16384x16") == (16384, 16)


@pytest.mark.parametrize("text", ["/camera/image", "/a_1", "/robot_1/eye"])
def test_topics_that_a_bag_can_hold(text: str) -> None:
    assert image_topic(text) == topic(text) == text


@pytest.mark.parametrize("text", ["", "/", "a b", "//x", "/x/", "/7up", "/é", "/x-y", "/" + "a" * 247])
def test_what_is_no_topic(text: str) -> None:
    for read in (image_topic, topic):
        with pytest.raises(argparse.ArgumentTypeError, match="is not a.*like /"):
            read(text)


def test_names_that_a_node_completes() -> None:
    assert topic("image") == "image"
    assert topic("~/mask") == "~/mask"
    with pytest.raises(argparse.ArgumentTypeError, match="like /image"):
        image_topic("image")


@pytest.mark.parametrize("text", ["", "/camera", "my camera", "a\tb", "a\nb"])
def test_what_is_no_frame(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a frame"):
        frame_id(text)
    assert frame_id("robot/camera_1") == "robot/camera_1"


@pytest.mark.parametrize("tool", ["video_to_bag", "world_to_bag", "story_to_bag", "record", "repair"])
def test_a_command_begins_without_what_takes_its_time(tool: str) -> None:
    heavy = "{'cv2', 'numpy', 'rclpy', 'rosbags', 'torch'}"
    code = f"import sys, samwise_ros.bags.{tool}; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
