import struct

import pytest
import zstandard
from odd_bags import sentence

from samwise_ros.bags.checking import LARGE, checker
from samwise_ros.bags.message_types import standard_types

TYPES = standard_types()
STRING = checker(TYPES, "std_msgs/msg/String")


def test_whole_messages_pass() -> None:
    assert STRING(sentence("the red car")) is None
    big_endian = b"\x00\x00\x00\x00" + struct.pack(">I", 2) + b"x\x00"
    assert STRING(big_endian) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x00",
        sentence("a long sentence")[:-3],
        b"\x00\x01\x00\x00",
        b"\x00\x01\x00\x00" + b"\xff" * 9,
        b"\xff" * 40,
        zstandard.compress(sentence("packed, and cut off"))[:-2],
    ],
)
def test_messages_that_are_none_do_not(data: bytes) -> None:
    assert f"{len(data)} bytes" in (STRING(data) or "")


@pytest.mark.parametrize(
    "data",
    [
        sentence("x").replace(b"x", b"\xe9"),  # Latin-1
        sentence("x") + bytes(8),
        sentence("x")[:-1] + b"y",  # no zero at the end
        b"\x00\x01\x00\x00" + bytes(4),  # no length at all
        b"\x00\x07\x00\x00" + b"\xff" * 9,  # another encapsulation
    ],
)
def test_what_subscribers_take_passes(data: bytes) -> None:
    assert STRING(data) is None


def test_an_image_of_any_size_is_looked_at() -> None:
    check = checker(TYPES, "std_msgs/msg/UInt8MultiArray")
    image = checker(TYPES, "sensor_msgs/msg/CompressedImage")
    head = b"\x00\x01\x00\x00" + bytes(8) + struct.pack("<I", 1) + bytes(4) + struct.pack("<I", 1) + bytes(4)
    whole = head + struct.pack("<I", 2 * LARGE) + bytes(2 * LARGE)
    assert image(whole) is None
    assert image(whole[:-1]) is not None
    # Lists of messages take too long at this size.
    assert check(bytes(4)[:1] + b"\x01\x00\x00" + b"\xff" * LARGE) is None


def test_of_an_unknown_type_only_the_head_is_known() -> None:
    check = checker(None, "my/msg/Thing")
    assert check(b"\x00\x01\x00\x00") is None
    assert check(b"\x00\x01") is not None
