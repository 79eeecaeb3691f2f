from pathlib import Path

import pytest

from samwise_ros.listener.engines import EngineSettings, open_engine
from samwise_ros.listener.engines.words import plain_words
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.phrases import Words

RED_CAR = EngineSettings(Words("the red car"))


def test_an_unknown_engine_is_told_with_those_there_are() -> None:
    with pytest.raises(
        SpeechError, match="engine 'siri' is not one of pocketsphinx, faster-whisper, sherpa-onnx"
    ):
        open_engine("siri", RED_CAR)


@pytest.mark.parametrize("engine", ["faster-whisper", "sherpa-onnx"])
def test_engines_of_free_speech_say_what_they_lack(engine: str, tmp_path: Path) -> None:
    settings = EngineSettings(Words("the red car"), model=str(tmp_path))
    with pytest.raises(SpeechError, match=f"engine '{engine}' (is not installed: pip install|needs a model)"):
        open_engine(engine, settings)


def test_pocketsphinx_says_what_a_model_lacks(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed: requirements/speech.txt")
    with pytest.raises(SpeechError, match="has no file mdef"):
        open_engine("pocketsphinx", EngineSettings(Words("the red car"), model=str(tmp_path)))


def test_pocketsphinx_says_which_words_it_cannot_pronounce() -> None:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed: requirements/speech.txt")
    with pytest.raises(SpeechError, match="no pronunciation of brillig; add it"):
        open_engine("pocketsphinx", EngineSettings(Words("the brillig car")))


def test_plain_words() -> None:
    assert plain_words("  The red car,\nthat isn't MOVING! ") == "the red car that isn't moving"
