"""Sound from wherever, as the engines want it: mono, 16 bit, 16 kHz."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.recogniser import Samples

RATE = 16_000
"""Samples per second that every engine takes."""
RATES = (8_000, 192_000)
"""Samples per second that can be converted. Speech needs 8,000; no microphone gives more than 192,000."""


def check_rate(rate: int) -> int:
    """Return the rate.

    Raises:
        SpeechError: if it is not one that a microphone has.
    """
    if not RATES[0] <= rate <= RATES[1]:
        raise SpeechError(
            f"sound at {rate} samples per second; record at {RATES[0]} to {RATES[1]}, best at {RATE}"
        )
    return rate


def at_our_rate(samples: Samples, rate: int) -> Samples:
    """A whole utterance, resampled.

    Args:
        samples: int16 [N].
        rate: their number per second, in `RATES`.

    Raises:
        SpeechError: if the rate is out of range, or soxr is needed and missing.
    """
    if check_rate(rate) == RATE or not len(samples):
        return samples
    try:
        import soxr
    except ImportError as error:
        raise SpeechError(
            f"sound at {rate} samples per second needs soxr to become {RATE}; install it "
            "(pip install -r requirements/speech.txt), or record at that rate"
        ) from error
    resampled: Samples = soxr.resample(samples, rate, RATE)
    return resampled


def mono(samples: npt.NDArray[np.int16], channels: int) -> Samples:
    """The mean of interleaved channels.

    Args:
        samples: int16 [N * channels].
        channels: at least 1.
    """
    if channels == 1:
        return samples
    whole = samples[: len(samples) // channels * channels].reshape(-1, channels)
    mean: Samples = whole.mean(axis=1).astype(np.int16)
    return mean


def read_wav(path: Path) -> tuple[Samples, int]:
    """The sound of a WAV file, mono, and its samples per second.

    Raises:
        SpeechError: if it cannot be read, or is not 16-bit PCM.
    """
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() != 2:
                raise SpeechError(
                    f"{path} has {8 * file.getsampwidth()}-bit samples; convert it to 16: "
                    "ffmpeg -i IN -c:a pcm_s16le OUT.wav"
                )
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)
            return mono(samples, file.getnchannels()), check_rate(file.getframerate())
    except (OSError, wave.Error, EOFError) as error:
        raise SpeechError(f"{path} cannot be read as a WAV file ({error}); give 16-bit PCM") from error
