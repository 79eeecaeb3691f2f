"""Spoken text and noise, made on the spot."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave

import numpy as np
import numpy.typing as npt

from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.recogniser import Samples
from samwise_ros.listener.sound import RATE, at_our_rate

ESPEAK = "espeak-ng"
VOICES = ("en-us", "en-us+f3", "en-gb")
"""An American man, an American woman, an Englishman."""
WORDS_A_MINUTE = 160
PAUSE_S = 0.3
"""Silence before and after what is said, in seconds."""
LOUDEST = 0.5
"""Of the largest sample that there is."""

Sound = npt.NDArray[np.float64]
"""Sound before it becomes 16 bit: [N] at `RATE`, of any loudness."""


def can_speak() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which(ESPEAK) is not None


def speak(text: str, voice: str) -> Sound:
    """A text, spoken, with silence around it.

    Raises:
        SpeechError: if espeak-ng is not installed, or has no such voice.
    """
    if not can_speak():
        raise SpeechError("the trial needs espeak-ng to speak: apt install espeak-ng")
    command = [ESPEAK, "-v", voice, "-s", str(WORDS_A_MINUTE), "--stdout", "--stdin"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode or not done.stdout:
        raise SpeechError(
            f"espeak-ng cannot speak with the voice {voice!r}; `espeak-ng --voices=en` lists those it has"
        )
    with wave.open(io.BytesIO(done.stdout)) as file:
        rate = file.getframerate()
    # What comes through a pipe has no length in its header: the samples are all that follows it.
    said = np.frombuffer(done.stdout[44 : len(done.stdout) // 2 * 2], "<i2").astype(np.int16)
    pause = np.zeros(int(PAUSE_S * RATE))
    return np.concatenate([pause, at_our_rate(said, rate).astype(float), pause])


def noise(kind: str, length: int, rng: np.random.Generator) -> Sound:
    """Noise of power 1.

    Args:
        kind: "pink" (a fan, a street), "white" (a hiss), "hum" (a motor and a hiss), or "clicks" (a
            workshop).
        length: in samples.
        rng: random generator.

    Raises:
        SpeechError: if there is no such noise.
    """
    if kind not in NOISES:
        raise SpeechError(f"noise {kind!r} is not one of {', '.join(NOISES)}")
    sound = NOISES[kind](length, rng)
    level: float = np.sqrt(np.mean(sound**2))
    return sound / level


def _white(length: int, rng: np.random.Generator) -> Sound:
    return rng.standard_normal(length)


def _pink(length: int, rng: np.random.Generator) -> Sound:
    spectrum = np.fft.rfft(rng.standard_normal(length))
    pink: Sound = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), length)
    return pink


def _hum(length: int, rng: np.random.Generator) -> Sound:
    seconds, pitch = np.arange(length) / RATE, rng.uniform(40, 120)
    tones = [np.sin(2 * np.pi * (k * pitch * seconds + rng.random())) / k for k in (1, 2, 3, 6, 12, 24)]
    hum: Sound = np.sum(tones, axis=0) + 0.3 * rng.standard_normal(length)
    return hum


def _clicks(length: int, rng: np.random.Generator) -> Sound:
    strikes = np.where(rng.random(length) < 3 / RATE, rng.normal(0, 30, length), 0.0)
    ringing = np.exp(-np.arange(RATE // 10) / (RATE / 60)) * rng.standard_normal(RATE // 10)
    padded = 1 << (length + len(ringing) - 1).bit_length()
    struck = np.fft.irfft(np.fft.rfft(strikes, padded) * np.fft.rfft(ringing, padded), padded)[:length]
    return struck + 0.05 * rng.standard_normal(length)


NOISES = {"pink": _pink, "white": _white, "hum": _hum, "clicks": _clicks}


def with_noise(said: Sound, kind: str, decibels: float, rng: np.random.Generator) -> Sound:
    """Speech with noise.

    Args:
        said: from `speak`.
        kind: of noise.
        decibels: power of the speech, without the silence around it, over that of the noise.
        rng: random generator.
    """
    pause = int(PAUSE_S * RATE)
    power = float(np.mean(said[pause:-pause] ** 2))
    mixed: Sound = said + noise(kind, len(said), rng) * float(np.sqrt(power / 10 ** (decibels / 10)))
    return mixed


def recorded(sound: Sound, loudest: float = LOUDEST) -> Samples:
    """Sound as a microphone gives it.

    Args:
        sound: of any loudness.
        loudest: largest sample of the result, of the largest that there is (0 to 1).
    """
    return np.asarray(sound / max(np.abs(sound).max(), 1e-9) * loudest * 32767, np.int16)
