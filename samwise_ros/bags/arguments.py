"""Values on the command lines of the bag tools: types for `argparse`."""

from __future__ import annotations

import argparse

from samwise.shell.numbers import SIDES
from samwise_ros.bags.topic_names import LONGEST, is_valid, similar
from samwise_ros.topics import COMPRESSED_SUFFIX


def picture_size(text: str) -> tuple[int, int]:
    """Read "640x480" as (640, 480).

    Raises:
        argparse.ArgumentTypeError: if it has another form, or a side is out of range.
    """
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        width = height = 0
    if not all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a size; write WIDTHxHEIGHT, each from {SIDES[0]} to {SIDES[1]}, like 640x480"
        )
    return width, height


def image_topic(text: str) -> str:
    """Read the name of a raw image topic, which leaves room for the name of the compressed one.

    Raises:
        argparse.ArgumentTypeError: if ROS 2 does not allow the name, or it hangs on a node's namespace.
    """
    if not text.startswith("/") or not is_valid(text) or len(text) > LONGEST - len(COMPRESSED_SUFFIX):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a topic that a bag can hold; write it like {similar(text)[: LONGEST - 20]}"
        )
    return text


def topic(text: str) -> str:
    """Read the name of a topic, which may be relative to the namespace of a node.

    Raises:
        argparse.ArgumentTypeError: if ROS 2 does not allow the name.
    """
    if not is_valid(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a ROS 2 topic name; write it like {similar(text)}")
    return text


def frame_id(text: str) -> str:
    """Read the name of a coordinate frame, as tf2 takes it.

    Raises:
        argparse.ArgumentTypeError: it begins with a slash, or holds blanks or what cannot be printed.
    """
    if not text or text.startswith("/") or " " in text or not text.isprintable():
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a frame for tf2; write it without blanks and without a slash before it, "
            "like camera_optical_frame"
        )
    return text
