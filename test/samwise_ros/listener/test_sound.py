import wave
from pathlib import Path

import numpy as np
import pytest

from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.sound import mono, read_wav


def write_wav(path: Path, channels: int = 1, width: int = 2) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(22050)
        file.writeframes(np.arange(200, dtype="<i2").tobytes())


def test_channels_are_averaged(tmp_path: Path) -> None:
    write_wav(tmp_path / "two.wav", channels=2)
    samples, rate = read_wav(tmp_path / "two.wav")
    assert (len(samples), rate) == (100, 22050)
    assert samples[10] == 20
    assert list(mono(np.array([1, 3, 5, 7, 9], np.int16), 2)) == [2, 6]


def test_files_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    write_wav(tmp_path / "eight.wav", width=1)
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(SpeechError, match="8-bit samples; convert it"):
        read_wav(tmp_path / "eight.wav")
    with pytest.raises(SpeechError, match="text.wav cannot be read as a WAV file"):
        read_wav(tmp_path / "text.wav")
    with pytest.raises(SpeechError, match="missing.wav cannot be read"):
        read_wav(tmp_path / "missing.wav")
