"""From serialised messages to what is shown: pixels with the target lit up, as JPEG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CompressedImage, Image

from samwise.video.metrics import region_similarity
from samwise.video.overlay import draw_overlay
from samwise_ros.console.frames import Sight
from samwise_ros.errors import InputError
from samwise_ros.messages.compressed import compressed_to_rgb
from samwise_ros.messages.images import to_rgb

#: Of the target, as RGB, and how much of it is mixed in. Hardly anything a camera sees is of this colour.
COLOUR, OPACITY = (0, 214, 255), 0.3
#: How bright everything else stays beside the target, so that colour is not all that tells it apart.
DIMMED = 0.6


def unpack(sight: Sight) -> NDArray[np.uint8]:
    """Decode the picture: uint8 [H, W, 3] RGB.

    Raises:
        InputError: if it cannot be decoded.
    """
    if not sight.compressed:
        return to_rgb(deserialize_message(sight.image, Image))
    return compressed_to_rgb(deserialize_message(sight.image, CompressedImage))


def unpack_mask(data: bytes) -> NDArray[np.bool_]:
    """Decode a mask: bool [H, W], True where its mono8 image is not 0.

    Raises:
        InputError: if it cannot be decoded.
    """
    return np.asarray(to_rgb(deserialize_message(data, Image))[:, :, 0] != 0)


def lit_up(sight: Sight) -> NDArray[np.uint8]:
    """Decode the picture and light up what the mask covers, if anything: uint8 [H, W, 3] RGB.

    Raises:
        InputError: if it cannot be decoded, or the mask has another size.
    """
    pixels = unpack(sight)
    if sight.mask is None:
        return pixels
    mask = unpack_mask(sight.mask)
    if mask.shape != pixels.shape[:2]:
        raise InputError(f"the mask has {mask.shape} pixels, its picture {pixels.shape[:2]}")
    if not mask.any():
        return pixels
    dimmed = np.asarray(cv2.convertScaleAbs(pixels, alpha=DIMMED), np.uint8)
    cv2.copyTo(pixels, mask.view(np.uint8), dimmed)
    return draw_overlay(dimmed, mask, "", color=COLOUR, opacity=OPACITY)


def overlap(sight: Sight) -> float | None:
    """Return the intersection over union of mask and true mask; None where one of them is not there."""
    if sight.mask is None or sight.truth is None:
        return None
    mask, truth = unpack_mask(sight.mask), unpack_mask(sight.truth)
    return float(region_similarity(mask, truth)) if mask.shape == truth.shape else None


def jpeg(pixels: NDArray[np.uint8], width: int, quality: int) -> bytes:
    """Compress a picture.

    Args:
        pixels: uint8 [H, W, 3], RGB.
        width: at most so wide, in pixels; a wider one is made smaller.
        quality: 1 to 100.
    """
    if pixels.shape[1] > width:
        height = max(1, round(pixels.shape[0] * width / pixels.shape[1]))
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise InputError(f"a picture of shape {pixels.shape} cannot be encoded as JPEG")
    return bytes(encoded)
