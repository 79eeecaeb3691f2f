"""Writes what a camera, a speaker and an annotator would have published."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rosbags.interfaces import Connection
from rosbags.typesys.store import Typestore

from samwise_ros.bags.camera_defaults import FRAME_ID, JPEG_QUALITY, ImageFormat
from samwise_ros.bags.pictures import encode_jpeg
from samwise_ros.bags.qos_conversion import stored
from samwise_ros.bags.writer import BagWriter
from samwise_ros.messages.stamps import NANOSECONDS
from samwise_ros.topics import COMPRESSED_SUFFIX, EXPRESSION_TOPIC, GROUND_TRUTH_TOPIC, IMAGE_TOPIC


def frame_stamp(index: int, fps: float, start_ns: int) -> int:
    """Return when frame `index` was taken, in nanoseconds: computed from the start, so nothing adds up."""
    return start_ns + round(index * NANOSECONDS / fps)


class CameraRecording:
    """A recording of one camera, with sentences and, where known, the masks of what they name.

    Args:
        writer: of the bag, opened with the same types.
        types: with the standard message types.
        image_topic: the raw topic; JPEG goes to `<image_topic>/compressed`, as image_transport names it.
        image_format: "jpeg" (sensor_msgs/CompressedImage) or "raw" (sensor_msgs/Image, rgb8).
        frame_id: of every header.
        quality: of the JPEG pictures, 1 to 100.
    """

    def __init__(
        self,
        writer: BagWriter,
        types: Typestore,
        *,
        image_topic: str = IMAGE_TOPIC,
        image_format: ImageFormat = "jpeg",
        frame_id: str = FRAME_ID,
        quality: int = JPEG_QUALITY,
    ) -> None:
        self._writer, self._types = writer, types
        self._frame_id, self._quality = frame_id, quality
        self._jpeg = image_format == "jpeg"
        self._images = (
            writer.add_topic(image_topic + COMPRESSED_SUFFIX, "sensor_msgs/msg/CompressedImage", [stored()])
            if self._jpeg
            else writer.add_topic(image_topic, "sensor_msgs/msg/Image", [stored()])
        )
        self._expressions: Connection | None = None
        self._masks: Connection | None = None

    def add_frame(self, stamp_ns: int, pixels: NDArray[np.uint8]) -> None:
        """Append a picture: uint8 [H, W, 3] RGB, taken at `stamp_ns`."""
        message = self._compressed(stamp_ns, pixels) if self._jpeg else self._raw(stamp_ns, pixels, "rgb8")
        self._writer.write(self._images, stamp_ns, message)

    def add_expression(self, stamp_ns: int, expression: str) -> None:
        """Append a sentence, said at `stamp_ns` by a latched publisher."""
        if self._expressions is None:
            self._expressions = self._writer.add_topic(
                EXPRESSION_TOPIC, "std_msgs/msg/String", [stored(latched=True)]
            )
        message = self._types.types["std_msgs/msg/String"](data=expression)
        self._writer.write(self._expressions, stamp_ns, message)

    def add_mask(self, stamp_ns: int, mask: NDArray[np.bool_]) -> None:
        """Append the true mask of the frame that has this stamp: bool [H, W], written as mono8, 0 or 255."""
        if self._masks is None:
            self._masks = self._writer.add_topic(GROUND_TRUTH_TOPIC, "sensor_msgs/msg/Image", [stored()])
        pixels = mask.astype(np.uint8) * np.uint8(255)
        self._writer.write(self._masks, stamp_ns, self._raw(stamp_ns, pixels, "mono8"))

    def _header(self, stamp_ns: int) -> Any:
        sec, nanosec = divmod(stamp_ns, NANOSECONDS)
        time = self._types.types["builtin_interfaces/msg/Time"](sec=sec, nanosec=nanosec)
        return self._types.types["std_msgs/msg/Header"](stamp=time, frame_id=self._frame_id)

    def _compressed(self, stamp_ns: int, pixels: NDArray[np.uint8]) -> object:
        return self._types.types["sensor_msgs/msg/CompressedImage"](
            header=self._header(stamp_ns),
            # What image_transport's compressed publisher writes for rgb8.
            format="rgb8; jpeg compressed bgr8",
            data=encode_jpeg(pixels, self._quality),
        )

    def _raw(self, stamp_ns: int, pixels: NDArray[np.uint8], encoding: str) -> object:
        height, width = pixels.shape[:2]
        return self._types.types["sensor_msgs/msg/Image"](
            header=self._header(stamp_ns),
            height=height,
            width=width,
            encoding=encoding,
            is_bigendian=0,
            step=pixels.nbytes // height,
            data=np.ascontiguousarray(pixels).reshape(-1),
        )
