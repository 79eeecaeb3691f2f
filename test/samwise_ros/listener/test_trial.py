"""A small piece of what `python -m samwise_ros.listener.trial` measures, with real sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from samwise_ros.listener.interpreter import Status, Thresholds
from samwise_ros.listener.sound import RATE
from samwise_ros.listener.trial.hearing import Hearing
from samwise_ros.listener.trial.score import triggers
from samwise_ros.listener.trial.silence import noises, sentences_of, talk
from samwise_ros.listener.trial.speaking import can_speak, recorded, speak, with_noise

pytestmark = pytest.mark.slow

pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed: requirements/speech.txt")
pytest.importorskip("soxr", reason="soxr is not installed: requirements/speech.txt")
speaking = pytest.mark.skipif(not can_speak(), reason="espeak-ng is not installed: apt install espeak-ng")


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    return Hearing("pocketsphinx", "", 1, Thresholds(0.5, 0.3))


@pytest.fixture(scope="module")
def open_microphone() -> Hearing:
    return Hearing("pocketsphinx", "", 1, Thresholds(0.5, 0.3), button=False, wake_word="hey robot")


def said(text: str, voice: str = "en-us", decibels: float = 20.0) -> np.ndarray:
    return recorded(with_noise(speak(text, voice), "pink", decibels, np.random.default_rng(0)))


@speaking
@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
@pytest.mark.parametrize("text", ["the pink bottle heading left", "the yellow butterfly"])
def test_sentences_in_noise_are_heard(hearing: Hearing, text: str, voice: str) -> None:
    verdict = next(hearing.hear(said(text, voice, 10.0)))
    assert (verdict.status, verdict.text) == (Status.ACCEPTED, text)


@speaking
def test_an_open_microphone_finds_the_sentence(open_microphone: Hearing) -> None:
    quiet = np.zeros(RATE, np.int16)
    sound = np.concatenate([quiet, said("hey robot the butterfly moving downwards", decibels=30.0), quiet])
    (verdict,) = open_microphone.hear(sound)
    assert (verdict.status, verdict.text) == (Status.ACCEPTED, "the butterfly moving downwards")


@speaking
def test_a_command_with_a_target(hearing: Hearing) -> None:
    verdict = next(hearing.hear(said("also follow the yellow butterfly")))
    assert (verdict.status, verdict.command) == (Status.COMMAND, "add")
    assert verdict.text == "the yellow butterfly"


@speaking
def test_other_speech_triggers_nothing(open_microphone: Hearing, tmp_path: Path) -> None:
    prose = tmp_path / "prose.md"
    prose.write_text("Waiting is always for a condition, with a bound. Whoever comes next reads the minutes.")
    heard = [v for piece in talk(12, prose, np.random.default_rng(0)) for v in open_microphone.hear(piece)]
    assert heard
    assert triggers(heard) == []


def test_noise_triggers_nothing(open_microphone: Hearing) -> None:
    for piece in noises(40, np.random.default_rng(0)):
        assert triggers(list(open_microphone.hear(piece))) == []


@pytest.mark.parametrize("length", [0, 1, 100])
def test_hardly_any_sound_is_nothing(hearing: Hearing, length: int) -> None:
    assert next(hearing.hear(np.ones(length, np.int16))).status == Status.NOTHING


def test_prose_is_read_without_its_marks() -> None:
    text = "# Title\n\nThe `make` of [this page](x.md) is slow. No.\n\n| a | table | of | cells |\n"
    assert sentences_of(text) == ["The make of this page is slow."]
