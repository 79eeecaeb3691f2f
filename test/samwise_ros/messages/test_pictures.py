import numpy as np
from std_msgs.msg import Header

from samwise_ros.messages.compressed import Picture
from samwise_ros.messages.pictures import image_message


def test_depth_in_a_message() -> None:
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    message = image_message(Picture(pixels, "16UC1"), Header(frame_id="camera"))
    assert (message.height, message.width, message.step, message.encoding) == (3, 4, 8, "16UC1")
    assert message.header.frame_id == "camera"
    np.testing.assert_array_equal(np.frombuffer(message.data, np.uint16).reshape(3, 4), pixels)


def test_colours_that_are_a_view_are_copied_in_order() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    message = image_message(Picture(pixels[:, :, ::-1], "rgb8"), Header())
    assert bytes(message.data) == pixels[:, :, ::-1].tobytes()
