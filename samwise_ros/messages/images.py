"""sensor_msgs/Image to and from arrays.

cv_bridge does this on a robot, but it does not exist outside a ROS installation. The names of the
encodings are those of sensor_msgs/image_encodings.hpp.
"""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise_ros.errors import InputError


class Encoding(NamedTuple):
    """How one pixel is stored, and OpenCV's code for turning it into RGB (None: it is RGB)."""

    channels: int
    bytes_per_channel: int
    to_rgb: int | None


# The Bayer names of ROS give the upper left 2x2 pixels row by row, as OpenCV's long names do.
#: What the node takes, by the name in a message.
ENCODINGS = {
    "rgb8": Encoding(3, 1, None),
    "bgr8": Encoding(3, 1, cv2.COLOR_BGR2RGB),
    "rgba8": Encoding(4, 1, cv2.COLOR_RGBA2RGB),
    "bgra8": Encoding(4, 1, cv2.COLOR_BGRA2RGB),
    "8UC3": Encoding(3, 1, cv2.COLOR_BGR2RGB),
    "mono8": Encoding(1, 1, cv2.COLOR_GRAY2RGB),
    "8UC1": Encoding(1, 1, cv2.COLOR_GRAY2RGB),
    "mono16": Encoding(1, 2, cv2.COLOR_GRAY2RGB),
    "bayer_rggb8": Encoding(1, 1, cv2.COLOR_BayerRGGB2RGB),
    "bayer_bggr8": Encoding(1, 1, cv2.COLOR_BayerBGGR2RGB),
    "bayer_gbrg8": Encoding(1, 1, cv2.COLOR_BayerGBRG2RGB),
    "bayer_grbg8": Encoding(1, 1, cv2.COLOR_BayerGRBG2RGB),
    "bayer_rggb16": Encoding(1, 2, cv2.COLOR_BayerRGGB2RGB),
    "bayer_bggr16": Encoding(1, 2, cv2.COLOR_BayerBGGR2RGB),
    "bayer_gbrg16": Encoding(1, 2, cv2.COLOR_BayerGBRG2RGB),
    "bayer_grbg16": Encoding(1, 2, cv2.COLOR_BayerGRBG2RGB),
    "uyvy": Encoding(2, 1, cv2.COLOR_YUV2RGB_UYVY),
    "yuv422": Encoding(2, 1, cv2.COLOR_YUV2RGB_UYVY),
    "yuyv": Encoding(2, 1, cv2.COLOR_YUV2RGB_YUY2),
    "yuv422_yuy2": Encoding(2, 1, cv2.COLOR_YUV2RGB_YUY2),
}


def to_rgb(message: Image) -> npt.NDArray[np.uint8]:
    """Decode an image message.

    Rows may be padded (`step` larger than a row). 16-bit values are scaled to 8 bits by 1/256 with the
    full range as white, as cv_bridge does: a 12-bit camera that does not shift its values up looks dark.

    Returns:
        uint8 [H, W, 3], RGB, contiguous. For rgb8 without padding it shares the memory of the message.

    Raises:
        InputError: for zero size, an encoding that is not known here, or `step` and the length of `data` that
            do not fit the size.
    """
    encoding = _known(message.encoding)
    return _converted(_pixels(message, encoding), encoding)


def as_rgb(pixels: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    """Turn an array of pixels into RGB, as `to_rgb` does with a message of that encoding.

    Args:
        pixels: [H, W] or [H, W, C] of the type that the encoding says, such as uint16 for mono16.
        name: of the encoding.

    Returns:
        uint8 [H, W, 3], RGB, contiguous.

    Raises:
        InputError: for an encoding that is not known here.
    """
    encoding = _known(name)
    return _converted((pixels >> 8).astype(np.uint8) if encoding.bytes_per_channel == 2 else pixels, encoding)


def to_message(pixels: npt.NDArray[np.uint8], encoding: str, header: Header) -> Image:
    """Build a message of `pixels`: uint8 [H, W] for mono8, uint8 [H, W, 3] for rgb8 or bgr8.

    The header is referred to, not copied.
    """
    data = array("B")
    # The one way that rclpy neither copies element by element nor checks element by element.
    data.frombytes(np.ascontiguousarray(pixels).data)
    height, width = pixels.shape[:2]
    return Image(
        header=header,
        height=height,
        width=width,
        encoding=encoding,
        is_bigendian=0,
        step=pixels.nbytes // height,
        data=data,
    )


def _known(name: str) -> Encoding:
    encoding = ENCODINGS.get(name)
    if encoding is None:
        raise InputError(
            f"image encoding {name[:40]!r} is not supported; publish one of {', '.join(ENCODINGS)}"
        )
    return encoding


def _converted(pixels: npt.NDArray[np.uint8], encoding: Encoding) -> npt.NDArray[np.uint8]:
    if encoding.to_rgb is None:
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.cvtColor(pixels, encoding.to_rgb), np.uint8)


def _pixels(message: Image, encoding: Encoding) -> npt.NDArray[np.uint8]:
    """The image as stored, without padding: uint8 [H, W] or [H, W, C], a view where possible."""
    height, width, step = message.height, message.width, message.step
    if height == 0 or width == 0:
        raise InputError(f"image of {width}x{height} pixels is empty; check the camera driver's resolution")
    row = width * encoding.channels * encoding.bytes_per_channel
    if step < row:
        raise InputError(
            f"image step {step} is too small: a row of {width} {message.encoding} pixels takes {row} bytes; "
            "the publisher must set step to the length of a full row in bytes"
        )
    data = np.frombuffer(message.data, np.uint8)
    if data.size != step * height:
        raise InputError(
            f"image data holds {data.size} bytes, but step {step} x height {height} makes {step * height}; "
            "the publisher must send whole rows and set step to match"
        )
    rows = data.reshape(height, step)[:, :row]
    if encoding.bytes_per_channel == 2:
        # The high byte of each value is the value over 256: no need to assemble the 16 bits.
        return np.ascontiguousarray(rows[:, (0 if message.is_bigendian else 1) :: 2])
    if encoding.channels == 1:
        return rows
    if encoding.channels == 2 and width % 2:
        raise InputError(
            f"image width {width} is odd, but {message.encoding} stores pixels in pairs; use an even width"
        )
    return rows.reshape(height, width, encoding.channels)
