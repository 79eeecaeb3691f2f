"""Publishes a scene as a camera would: pictures, true masks, sentences to try."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header, String

from samwise_ros.bags.camera_defaults import FRAME_ID
from samwise_ros.bags.pictures import encode_jpeg
from samwise_ros.console.scene.shots import Shot
from samwise_ros.messages.images import to_message
from samwise_ros.topics import (
    COMPRESSED_SUFFIX,
    EXPRESSION_TOPIC,
    GROUND_TRUTH_TOPIC,
    IMAGE_TOPIC,
    SUGGESTIONS_TOPIC,
)

PICTURES = QoSProfile(depth=2, reliability=ReliabilityPolicy.RELIABLE)
SENTENCES = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)
LATCHED = QoSProfile(
    depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)


class Camera:
    """Publishers of one scene, and an ear for what people say to the node.

    `show` may be called from another thread than the one that spins.

    Args:
        node: to publish with.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._image = node.create_publisher(Image, IMAGE_TOPIC, PICTURES)
        self._compressed = node.create_publisher(CompressedImage, IMAGE_TOPIC + COMPRESSED_SUFFIX, PICTURES)
        self._truth = node.create_publisher(Image, GROUND_TRUTH_TOPIC, PICTURES)
        self._suggestions = node.create_publisher(String, SUGGESTIONS_TOPIC, LATCHED)
        self._speaker = node.create_publisher(String, EXPRESSION_TOPIC, LATCHED)
        node.create_subscription(String, EXPRESSION_TOPIC, self._on_sentence, SENTENCES)
        self._lock = threading.Lock()
        self._echoes: Counter[str] = Counter()
        self._followed = self._cue = ""
        self._suggested: tuple[str, ...] | None = None
        self.someone_speaks = False

    def show(self, shot: Shot, speak: bool) -> None:
        """Publish a picture that is taken now, and what belongs to it.

        Args:
            shot: the picture.
            speak: whether to say the scene's own sentence where it has a new one.
        """
        if speak and shot.cue and shot.cue != self._cue:
            self._say(shot.cue)
        self._cue = shot.cue if speak else ""
        if shot.suggestions != self._suggested:
            self._suggested = shot.suggestions
            self._suggestions.publish(String(data="\n".join(shot.suggestions)))
        header = Header(stamp=self._node.get_clock().now().to_msg(), frame_id=FRAME_ID)
        truth = shot.truths.get(self._followed)
        if truth is not None:
            # Before its picture, so that it is there when the mask is.
            self._truth.publish(to_message(truth.astype("uint8") * 255, "mono8", header))
        self._image.publish(to_message(shot.pixels, "rgb8", header))
        if self._compressed.get_subscription_count():
            self._compressed.publish(_jpeg(shot, header))

    def _say(self, sentence: str) -> None:
        with self._lock:
            self._echoes[sentence] += 1
            self._followed = sentence
        self._speaker.publish(String(data=sentence))

    def _on_sentence(self, message: String) -> None:
        sentence = " ".join(str(message.data).split())
        with self._lock:
            if self._echoes[sentence] > 0:
                # The scene's own words, come back.
                self._echoes[sentence] -= 1
                return
            self._followed, self.someone_speaks = sentence, True


def _jpeg(shot: Shot, header: Header) -> Any:
    data = encode_jpeg(shot.pixels).tobytes()
    # What image_transport's compressed publisher writes for rgb8.
    return CompressedImage(header=header, format="rgb8; jpeg compressed bgr8", data=data)
