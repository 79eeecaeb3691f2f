"""Where sound comes from: a topic, a microphone of this machine, a WAV file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy, qos_profile_sensor_data

from samwise_msgs.msg import AudioChunk
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.sound import RATE, mono, read_wav
from samwise_ros.listener.utterances import Piece
from samwise_ros.topics import AUDIO, AUDIO_INFO

SOURCES = ("topic", "audio_common", "microphone", "file")
#: Every piece counts, and a slow moment must not lose one: ten seconds of browser audio.
SOUND = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE)
#: Seconds of sound that the microphone hands over at a time.
BLOCK_S = 0.06

Hear = Callable[[Piece, Any], None]
"""Takes a piece of sound, and the std_msgs/Header that came with it (None: none)."""
Close = Callable[[], None]


def open_source(node: Node, hear: Hear, source: str, device: str, file: str) -> Close:
    """Begin to hand over pieces of sound, and return what ends it.

    Args:
        node: to subscribe with.
        hear: takes them, in the thread that spins or in one of the microphone.
        source: one of `SOURCES`.
        device: of the microphone, by number or a part of its name; empty: the usual one.
        file: for "file": a WAV file, heard once.

    Raises:
        SpeechError: if the source cannot be opened.
    """
    if source == "topic":
        return _topic(node, hear)
    if source == "audio_common":
        return _audio_common(node, hear)
    if source == "microphone":
        return _microphone(hear, device)
    if source == "file":
        return _file(hear, file)
    raise SpeechError(f"source {source!r} is not one of {', '.join(SOURCES)}")


def _topic(node: Node, hear: Hear) -> Close:
    def on_chunk(chunk: AudioChunk) -> None:
        hear(
            Piece(np.asarray(chunk.samples, np.int16), int(chunk.sample_rate), bool(chunk.last)), chunk.header
        )

    subscription = node.create_subscription(AudioChunk, AUDIO, on_chunk, SOUND)

    def close() -> None:
        node.destroy_subscription(subscription)

    return close


def _audio_common(node: Node, hear: Hear) -> Close:
    """Sound of audio_common's `audio_capture` with `format:=wave`, 16-bit, at the rate of its AudioInfo."""
    try:
        from audio_common_msgs.msg import AudioData, AudioInfo
    except ImportError as error:
        raise SpeechError(
            "source 'audio_common' needs the ROS package audio_common_msgs, which is not installed; "
            "install it "
            "(apt install ros-$ROS_DISTRO-audio-common-msgs), or set the parameter source to 'topic' or "
            "'microphone'"
        ) from error
    format_ = {"channels": 1, "rate": RATE}

    def on_info(info: Any) -> None:
        format_.update(channels=max(1, int(info.channels)), rate=int(info.sample_rate))

    def on_data(message: Any) -> None:
        raw = bytes(message.data)
        samples = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(np.int16)
        hear(Piece(mono(samples, format_["channels"]), format_["rate"]), None)

    subscriptions = [
        node.create_subscription(AudioInfo, AUDIO_INFO, on_info, SOUND),
        node.create_subscription(AudioData, AUDIO, on_data, qos_profile_sensor_data),
    ]

    def close() -> None:
        for subscription in subscriptions:
            node.destroy_subscription(subscription)

    return close


def _microphone(hear: Hear, device: str) -> Close:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise SpeechError(
            f"the microphone needs sounddevice and PortAudio ({error}): pip install -r "
            "requirements/speech.txt, and on "
            "Debian apt install libportaudio2"
        ) from error

    def on_block(block: Any, frames: int, time: Any, status: Any) -> None:
        hear(Piece(block[:, 0].copy(), RATE), None)

    try:
        stream = sounddevice.InputStream(
            samplerate=RATE,
            channels=1,
            dtype="int16",
            blocksize=int(BLOCK_S * RATE),
            device=int(device) if device.isdigit() else device or None,
            callback=on_block,
        )
        stream.start()
    except (sounddevice.PortAudioError, ValueError) as error:
        raise SpeechError(
            f"microphone {device or '(the usual one)'} cannot be opened: {error}; `python -m sounddevice` "
            "lists what "
            "there is, for the parameter device"
        ) from error

    def close() -> None:
        stream.close()

    return close


def _file(hear: Hear, path: str) -> Close:
    if not path:
        raise SpeechError("source 'file' needs the parameter file: the path of a WAV file")
    samples, rate = read_wav(Path(path))
    block = int(BLOCK_S * rate)
    for start in range(0, len(samples), block):
        hear(Piece(samples[start : start + block], rate), None)
    hear(Piece(samples[:0], rate, last=True), None)
    return lambda: None
