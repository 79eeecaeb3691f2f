"""The engines of speech recognition, by name; each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.phrases import Phrase
from samwise_ros.listener.recogniser import Recogniser


@dataclass(frozen=True)
class EngineSettings:
    """What an engine is opened with.

    Attributes:
        sayable: all that can be said, for engines that take a grammar.
        model: file or folder with the engine's model; empty: the one it brings along.
        threads: it may use.
    """

    sayable: Phrase
    model: str = ""
    threads: int = 1


def _pocketsphinx(settings: EngineSettings) -> Recogniser:
    from samwise_ros.listener.engines.pocketsphinx import PocketSphinx

    return PocketSphinx(settings.sayable, settings.model)


def _faster_whisper(settings: EngineSettings) -> Recogniser:
    from samwise_ros.listener.engines.faster_whisper import FasterWhisper

    return FasterWhisper(settings.model, settings.threads)


def _sherpa_onnx(settings: EngineSettings) -> Recogniser:
    from samwise_ros.listener.engines.sherpa_onnx import SherpaOnnx

    return SherpaOnnx(settings.model, settings.threads)


ENGINES: dict[str, Callable[[EngineSettings], Recogniser]] = {
    "pocketsphinx": _pocketsphinx,
    "faster-whisper": _faster_whisper,
    "sherpa-onnx": _sherpa_onnx,
}
#: Engines that hear nothing but what the grammar has.
WITH_GRAMMAR = frozenset({"pocketsphinx"})


def open_engine(name: str, settings: EngineSettings) -> Recogniser:
    """Load an engine with its model.

    Raises:
        SpeechError: if there is no such engine, it is not installed, or its model cannot be loaded.
    """
    if name not in ENGINES:
        raise SpeechError(f"engine {name!r} is not one of {', '.join(ENGINES)}")
    return ENGINES[name](settings)
