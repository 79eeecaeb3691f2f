"""Pictures in and out of image messages. Pixels are RGB arrays; OpenCV's BGR stays inside this file."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise_ros.bags.camera_defaults import JPEG_QUALITY
from samwise_ros.bags.errors import BagError
from samwise_ros.messages.compressed import compressed_to_rgb
from samwise_ros.messages.images import to_rgb


def encode_jpeg(pixels: NDArray[np.uint8], quality: int = JPEG_QUALITY) -> NDArray[np.uint8]:
    """Compress a picture.

    Args:
        pixels: uint8 [H, W, 3], RGB.
        quality: 1 to 100.

    Returns:
        uint8 [N], the bytes of a JPEG file.
    """
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    ok, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    if not ok:
        raise BagError(f"cannot encode a picture of shape {pixels.shape} as JPEG")
    return np.asarray(encoded, np.uint8).reshape(-1)


def rgb_of(message: Any) -> NDArray[np.uint8]:
    """Return the picture of a message out of a bag, decoded as the node decodes it.

    Args:
        message: sensor_msgs/Image or sensor_msgs/CompressedImage.

    Returns:
        uint8 [H, W, 3], RGB.

    Raises:
        InputError: if it is damaged, or in an encoding that the node does not take.
    """
    return compressed_to_rgb(message) if hasattr(message, "format") else to_rgb(message)


class ImageFields(Protocol):
    """The part of a sensor_msgs/Image that says where its pixels are."""

    height: int
    width: int
    encoding: str
    step: int


def mask_of(message: ImageFields, data: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return a mono8 image message as bool [H, W]: what is not 0 is set.

    Raises:
        BagError: if it is not a mono8 image, or its buffer does not fit its size.
    """
    size = message.step * message.height
    if message.encoding != "mono8" or message.step < message.width or len(data) < size:
        raise BagError(
            f"no mask: {message.encoding} {message.width}x{message.height}, step {message.step}, "
            f"{len(data)} bytes; expected mono8 with step x height bytes"
        )
    rows = np.frombuffer(data, np.uint8, size).reshape(message.height, message.step)
    return np.asarray(rows[:, : message.width] != 0)
