"""Pictures out of sensor_msgs/CompressedImage: colour, grey and depth."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise_ros.errors import InputError
from samwise_ros.messages.images import as_rgb

DEPTH_TRANSPORT = "compressedDepth"
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_PNG, _PNG_END = b"\x89PNG", b"IEND\xaeB`\x82"
# What compressed_depth_image_transport writes before the PNG: a number that says nothing, and two parameters.
_DEPTH_HEAD = struct.Struct("<iff")


class Picture(NamedTuple):
    """A picture as a message stores it.

    Attributes:
        pixels: [H, W] or [H, W, 3] of uint8, uint16 or float32; colours are RGB.
        encoding: by its name in ROS.
    """

    pixels: NDArray[Any]
    encoding: str


class CompressedFields(Protocol):
    """The part of a sensor_msgs/CompressedImage, of rclpy or of rosbags, that holds its picture."""

    format: str
    data: Any


def compressed_to_rgb(message: CompressedFields) -> NDArray[np.uint8]:
    """Decode a message into the very pixels that the node sees once a player or a republisher has decoded it.

    Returns:
        uint8 [H, W, 3], RGB.

    Raises:
        InputError: as `decompress`, or if the node does not take its encoding.
    """
    picture = decompress(message.data, message.format)
    return as_rgb(picture.pixels, picture.encoding)


def decompress(data: NDArray[np.uint8] | bytes, description: str = "") -> Picture:
    """Decompress a picture in any format that OpenCV knows.

    Args:
        data: uint8 [N], the bytes of a JPEG, PNG, TIFF ... file, or what the transport compressedDepth made.
        description: the field `format` of the message, such as "16UC1; png compressed ".

    Returns:
        mono8, rgb8, 16UC1, mono16, rgb16, 32FC1, or a bayer encoding where the description names it.

    Raises:
        InputError: if it is not one of those, or damaged.
    """
    content = bytes(data)
    if DEPTH_TRANSPORT in description:
        return _depth(content, description)
    pixels = _decode(content, description)
    declared = description.partition(";")[0].strip()
    if pixels.ndim == 3:
        code = cv2.COLOR_BGRA2RGB if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB
        encodings = {"uint8": "rgb8", "uint16": "rgb16"}
        pixels = np.asarray(cv2.cvtColor(pixels, code))
    else:
        encodings = {"uint8": "mono8", "uint16": "16UC1", "float32": "32FC1"}
        if declared.startswith("bayer_") or declared == "mono16":
            bits = 8 * pixels.itemsize
            # A camera's pattern survives only under its name.
            encodings[pixels.dtype.name] = declared if declared.endswith(str(bits)) else f"mono{bits}"
    encoding = encodings.get(pixels.dtype.name)
    if encoding is None:
        raise InputError(f"a picture of {pixels.dtype} values has no encoding in ROS")
    return Picture(pixels, encoding)


def _depth(content: bytes, description: str) -> Picture:
    """Decode compressedDepth: whole numbers as they are, metres as inverse depth in 16 bits."""
    if "rvl" in description:
        raise InputError(f"depth packed with RVL ({description!r}) is not decoded here; record it as PNG")
    if len(content) <= _DEPTH_HEAD.size:
        raise InputError(f"{len(content)} bytes that are not a depth picture")
    pixels = _decode(content[_DEPTH_HEAD.size :], description)
    if pixels.ndim != 2 or pixels.dtype != np.uint16:
        raise InputError(f"a depth picture of {pixels.dtype} {pixels.shape}; expected 16 bits, one channel")
    if not description.startswith("32FC1"):
        return Picture(pixels, "16UC1")
    _, quantisation_a, quantisation_b = _DEPTH_HEAD.unpack_from(content)
    with np.errstate(divide="ignore", invalid="ignore"):
        metres = np.float32(quantisation_a) / (pixels.astype(np.float32) - np.float32(quantisation_b))
    # Zero stands for "not measured".
    return Picture(np.where(pixels == 0, np.float32(np.nan), metres).astype(np.float32), "32FC1")


def _decode(content: bytes, description: str) -> NDArray[Any]:
    # Some versions of OpenCV fill up what is missing of a JPEG, and all complain about a PNG on stderr.
    cut_off = (content.startswith(_JPEG) and _JPEG_END not in content) or (
        content.startswith(_PNG) and _PNG_END not in content
    )
    found = (
        None
        if cut_off or not content
        else cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    )
    if found is None:
        what = "break off" if cut_off else "are no JPEG, PNG or other picture"
        raise InputError(f"{len(content)} bytes that {what}" + (f" ({description!r})" if description else ""))
    return np.asarray(found)
