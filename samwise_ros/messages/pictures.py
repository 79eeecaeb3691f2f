"""Image messages out of pictures with any number of bits."""

from __future__ import annotations

import sys
from array import array

import numpy as np
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise_ros.messages.compressed import Picture


def image_message(picture: Picture, header: Header) -> Image:
    """Build a message of a picture. The header is referred to, not copied."""
    data = array("B")
    # The one way that rclpy neither copies element by element nor checks element by element.
    data.frombytes(np.ascontiguousarray(picture.pixels).reshape(-1).view(np.uint8).data)
    height, width = picture.pixels.shape[:2]
    return Image(
        header=header,
        height=height,
        width=width,
        encoding=picture.encoding,
        is_bigendian=int(sys.byteorder == "big"),
        step=picture.pixels.nbytes // height,
        data=data,
    )
