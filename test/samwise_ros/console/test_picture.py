from __future__ import annotations

import cv2
import numpy as np
import pytest
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Header

from samwise_ros.console.frames import Sight
from samwise_ros.console.picture import jpeg, lit_up, overlap, unpack
from samwise_ros.errors import InputError
from samwise_ros.messages.images import to_message

GREY = np.full((40, 60, 3), 100, np.uint8)


def image(pixels: np.ndarray, encoding: str = "rgb8") -> bytes:
    return bytes(serialize_message(to_message(pixels, encoding, Header())))


def mask(rows: slice) -> bytes:
    pixels = np.zeros((40, 60), np.uint8)
    pixels[rows] = 255
    return image(pixels, "mono8")


def test_the_target_stays_bright_and_the_rest_gets_dark() -> None:
    shown = lit_up(Sight(1, image(GREY), mask=mask(slice(0, 20))))
    assert shown[5, 30].mean() > 100 > 80 > shown[35, 30].mean()


def test_without_a_target_in_view_the_picture_stays_as_it_is() -> None:
    assert (lit_up(Sight(1, image(GREY), mask=mask(slice(0, 0)))) == GREY).all()
    assert (lit_up(Sight(1, image(GREY))) == GREY).all()


def test_compressed_pictures_are_shown_too() -> None:
    red = GREY.copy()
    red[:, :, 0] = 250
    _, data = cv2.imencode(".png", cv2.cvtColor(red, cv2.COLOR_RGB2BGR))
    message = CompressedImage(format="png", data=data.tobytes())
    assert (unpack(Sight(1, bytes(serialize_message(message)), compressed=True)) == red).all()


def test_a_damaged_picture_says_what_it_is() -> None:
    message = CompressedImage(format="jpeg", data=b"not a picture")
    with pytest.raises(InputError, match="13 bytes that are no JPEG"):
        unpack(Sight(1, bytes(serialize_message(message)), compressed=True))
    with pytest.raises(InputError, match="another|mask has"):
        lit_up(Sight(1, image(np.zeros((10, 10, 3), np.uint8)), mask=mask(slice(0, 20))))


def test_overlap_is_told_where_the_truth_is_known() -> None:
    known = Sight(1, image(GREY), mask=mask(slice(0, 20)), truth=mask(slice(0, 40)))
    assert overlap(known) == pytest.approx(0.5)
    assert overlap(Sight(1, image(GREY), mask=mask(slice(0, 20)))) is None
    assert overlap(Sight(1, image(GREY))) is None


def test_large_pictures_are_sent_smaller() -> None:
    data = jpeg(np.zeros((720, 1280, 3), np.uint8), 640, 80)
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape == (360, 640, 3)
    small = jpeg(GREY, 640, 80)
    assert cv2.imdecode(np.frombuffer(small, np.uint8), cv2.IMREAD_COLOR).shape == (40, 60, 3)
