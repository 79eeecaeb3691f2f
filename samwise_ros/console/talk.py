"""From the browser's microphone to the topic `audio`."""

from __future__ import annotations

import array
import json
import sys
from typing import Any

from nicegui import app
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from starlette.websockets import WebSocket, WebSocketDisconnect

from samwise_msgs.msg import AudioChunk, Heard
from samwise_ros.console.errors import Refused
from samwise_ros.console.series import Rate
from samwise_ros.topics import AUDIO_TOPIC, HEARD, topic_of

PATH = "/console/audio"
AUDIO = QoSProfile(depth=50, reliability=ReliabilityPolicy.RELIABLE)
#: What a browser may say its microphone gives, in samples per second.
RATES = (8000, 192000)
#: Largest piece, in bytes: a second at 96 kHz.
MAX_PIECE = 192_000


class Talk:
    """Publishes what browsers record while the button is held, and keeps what the listener heard.

    Args:
        node: to publish with.
        listener: full name of the node that recognises speech.

    Attributes:
        heard: the listener's last word (samwise_msgs/Heard); None before the first.
        words: counts them.
    """

    def __init__(self, node: Node, listener: str) -> None:
        self._node = node
        self.heard: Any = None
        self.words = Rate()
        self._audio = node.create_publisher(AudioChunk, AUDIO_TOPIC, AUDIO)
        node.create_subscription(Heard, topic_of(listener, HEARD), self._on_heard, AUDIO)

    @property
    def offered(self) -> bool:
        """Whether somebody listens to audio."""
        return bool(self._audio.get_subscription_count())

    def serve(self) -> None:
        """Add the socket to NiceGUI's application."""
        app.add_api_websocket_route(PATH, self._connect)

    async def _connect(self, socket: WebSocket) -> None:
        """Take {"sample_rate": N}, then pieces of 16-bit little-endian samples, then "end"; and again."""
        await socket.accept()
        rate = 0
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                if (piece := message.get("bytes")) is not None:
                    self.publish(rate, piece)
                elif message.get("text") == "end":
                    self.publish(rate, b"", last=True)
                else:
                    rate = read_rate(message.get("text") or "")
        except (Refused, WebSocketDisconnect) as error:
            await socket.close(1003, str(error)[:120])

    def publish(self, rate: int, piece: bytes, last: bool = False) -> None:
        """Publish a piece: 16-bit little-endian samples, `rate` a second.

        Raises:
            Refused: if the rate was not told before, or the piece is not one.
        """
        if not rate or len(piece) > MAX_PIECE or len(piece) % 2:
            raise Refused(f"{len(piece)} bytes are not a piece of 16-bit sound at a known rate")
        samples = array.array("h")
        samples.frombytes(piece)
        if sys.byteorder == "big":
            samples.byteswap()
        chunk = AudioChunk(sample_rate=rate, samples=samples, last=last)
        chunk.header.stamp = self._node.get_clock().now().to_msg()
        chunk.header.frame_id = "browser"
        self._audio.publish(chunk)

    def _on_heard(self, message: Any) -> None:
        self.heard = message
        self.words.tick()


def read_rate(text: str) -> int:
    """Read {"sample_rate": N}.

    Raises:
        Refused: if it is something else, or no rate of a microphone.
    """
    try:
        rate = json.loads(text)["sample_rate"]
    except (ValueError, KeyError, TypeError):
        rate = None
    if not isinstance(rate, int) or not RATES[0] <= rate <= RATES[1]:
        raise Refused(f"{text[:40]!r} tells no sample rate from {RATES[0]} to {RATES[1]}")
    return rate
