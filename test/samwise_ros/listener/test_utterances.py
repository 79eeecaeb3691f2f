import numpy as np
import pytest

from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.sound import RATE
from samwise_ros.listener.utterances import LONGEST_S, Piece, PushToTalk, VoiceActivity


def tone(seconds: float, rate: int = RATE) -> np.ndarray:
    return (8000 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


def test_an_utterance_ends_when_the_button_is_released() -> None:
    cutter, first, second = PushToTalk(), tone(0.2), tone(0.1)
    assert list(cutter.add(Piece(first, RATE))) == []
    (whole,) = cutter.add(Piece(second, RATE, last=True))
    assert np.array_equal(whole, np.concatenate([first, second]))
    (next_one,) = cutter.add(Piece(second, RATE, last=True))
    assert np.array_equal(next_one, second)


def test_an_empty_last_piece_is_enough() -> None:
    cutter = PushToTalk()
    assert [len(u) for u in cutter.add(Piece(tone(0), RATE, last=True))] == [0]


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000])
def test_other_rates_are_resampled(rate: int) -> None:
    pytest.importorskip("soxr", reason="soxr is not installed: pip install -r requirements/speech.txt")
    (whole,) = PushToTalk().add(Piece(tone(0.5, rate), rate, last=True))
    assert abs(len(whole) - RATE // 2) <= 2
    spectrum = np.abs(np.fft.rfft(whole.astype(float)))
    assert np.argmax(spectrum) / len(whole) * RATE == pytest.approx(440, abs=5)


@pytest.mark.parametrize("rate", [0, 100, 4_000_000_000])
def test_absurd_rates_are_refused_and_the_next_utterance_is_heard(rate: int) -> None:
    cutter = PushToTalk()
    with pytest.raises(SpeechError, match=f"{rate} samples per second; record at 8000 to 192000"):
        list(cutter.add(Piece(tone(0.1), rate)))
    assert [len(u) for u in cutter.add(Piece(tone(0.1), RATE, last=True))] == [RATE // 10]


def test_a_rate_that_changes_within_an_utterance_is_refused() -> None:
    cutter = PushToTalk()
    list(cutter.add(Piece(tone(0.1), RATE)))
    with pytest.raises(SpeechError, match="changes from 16000 to 8000"):
        list(cutter.add(Piece(tone(0.1), 8000)))
    assert [len(u) for u in cutter.add(Piece(tone(0.1), RATE, last=True))] == [RATE // 10]


def test_a_stuck_button_does_not_fill_the_memory() -> None:
    cutter = PushToTalk()
    for _ in range(int(LONGEST_S) + 5):
        list(cutter.add(Piece(tone(1.0), RATE)))
    (whole,) = cutter.add(Piece(tone(1.0), RATE, last=True))
    assert len(whole) == int(LONGEST_S * RATE)


def test_silence_is_no_utterance() -> None:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    assert list(VoiceActivity().add(Piece(np.zeros(3 * RATE, np.int16), RATE, last=True))) == []
