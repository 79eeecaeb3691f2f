"""The listener in a process of its own, with spoken sound over DDS."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from integration.segmenter_process import START_S, Client, SegmenterProcess
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import String

from samwise_msgs.msg import AudioChunk, Heard
from samwise_ros.listener.sound import RATE
from samwise_ros.listener.trial.speaking import can_speak, recorded, speak, with_noise

pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed: requirements/speech.txt")
pytest.importorskip("soxr", reason="soxr is not installed: requirements/speech.txt")
speaking = pytest.mark.skipif(not can_speak(), reason="espeak-ng is not installed: apt install espeak-ng")

LISTENER = ("-m", "samwise_ros.listener.node")
LATCHED = QoSProfile(
    depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)


class Speaker:
    """Speaks to the listener, and keeps what it says."""

    def __init__(self, client: Client) -> None:
        self._client, node = client, client.node
        self.heard: list[Heard] = []
        self.sentences: list[String] = []
        self._audio = node.create_publisher(AudioChunk, "audio", 100)
        self._heard = node.create_subscription(Heard, "listener/heard", self.heard.append, 50)
        self._sentences = node.create_subscription(String, "expression", self.sentences.append, LATCHED)

    def close(self) -> None:
        self._client.node.destroy_publisher(self._audio)
        for subscription in (self._heard, self._sentences):
            self._client.node.destroy_subscription(subscription)

    def wait_until_heard(self) -> None:
        self._client.wait_until(self._audio.get_subscription_count, "the listener to listen", START_S)
        self._client.wait_until(self._heard.handle.get_publisher_count, "the listener to answer")

    def chunk(self, samples: np.ndarray, last: bool = False, rate: int = RATE) -> None:
        self._audio.publish(AudioChunk(samples=samples.tolist(), sample_rate=rate, last=last))

    def say(self, text: str) -> Heard:
        """Speak with the button held, and return what was made of it."""
        sound = recorded(with_noise(speak(text, "en-us"), "pink", 25.0, np.random.default_rng(0)))
        count = len(self.heard)
        for start in itertools.count(0, RATE // 10):
            end = start + RATE // 10
            self.chunk(sound[start:end], last=end >= len(sound))
            if end >= len(sound):
                break
        self._client.wait_until(lambda: len(self.heard) > count, f"an answer to {text!r}")
        return self.heard[-1]


@pytest.fixture
def speaker(client: Client) -> Iterator[Speaker]:
    speaker = Speaker(client)
    yield speaker
    speaker.close()


@pytest.fixture
def listener(tmp_path: Path, client: Client) -> Iterator[Callable[..., SegmenterProcess]]:
    started: list[SegmenterProcess] = []

    def start(**parameters: object) -> SegmenterProcess:
        started.append(SegmenterProcess(tmp_path / "log.txt", parameters, LISTENER))
        return started[-1]

    yield start
    for process in started:
        process.end()
        print(f"\n--- what the listener printed:\n{process.log}")
    client.wait_until(lambda: "listener" not in client.node.get_node_names(), "the listener to be forgotten")


@speaking
def test_speech_becomes_a_sentence_and_bad_sound_does_no_harm(
    listener: Callable[..., SegmenterProcess], speaker: Speaker, client: Client
) -> None:
    process = listener()
    speaker.wait_until_heard()
    answer = speaker.say("the yellow butterfly")
    assert (answer.status, answer.text) == (Heard.ACCEPTED, "the yellow butterfly")
    assert answer.confidence > 0.5
    client.wait_until(lambda: speaker.sentences, "the sentence")
    assert speaker.sentences[-1].data == "the yellow butterfly"

    speaker.chunk(np.zeros(10, np.int16), rate=3)
    client.wait_for_log(process, "sound at 3 samples per second")
    speaker.chunk(np.zeros(0, np.int16), last=True)
    client.wait_until(lambda: len(speaker.heard) > 1, "an answer to no sound")
    assert speaker.heard[-1].status == Heard.NOTHING

    answer = speaker.say("also follow the yellow butterfly")
    assert (answer.status, answer.command) == (Heard.COMMAND, "add")
    assert answer.text == "the yellow butterfly"
    assert "not done" in answer.reply

    answer = speaker.say("continue")
    assert (answer.status, answer.command) == (Heard.COMMAND, "resume")
    assert answer.reply == "not done: no node segmenter is running that offers 'resume'"
    assert process.send_signal(signal.SIGINT) == 0
    assert "Traceback" not in process.log


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        (
            {"engine": "siri"},
            "listener: engine 'siri' is not one of pocketsphinx, faster-whisper, sherpa-onnx",
        ),
        ({"source": "file", "file": "missing.wav"}, "listener: missing.wav cannot be read as a WAV file"),
        ({"ask": 0.9, "accept": 0.5}, "listener: ask 0.9 is above accept 0.5"),
        ({"accept": 7.0}, "listener: "),
    ],
)
def test_what_cannot_be_used_ends_it_with_a_line(
    listener: Callable[..., SegmenterProcess], client: Client, parameters: dict[str, object], line: str
) -> None:
    process = listener(**parameters)
    client.wait_until(lambda: not process.alive, "the end")
    assert line in process.log
    assert "Traceback" not in process.log
