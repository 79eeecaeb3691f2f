"""Whisper by CTranslate2, for free speech. Knows no grammar: whatever is said becomes words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from samwise_ros.listener.engines.words import plain_words
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.recogniser import SHORTEST, Guess, Recognition, Samples


class FasterWhisper:
    """Hears any English sentence.

    Args:
        model: folder with a Whisper model that was converted for CTranslate2 (model.bin and so on).
        threads: it may use.

    Raises:
        SpeechError: if it is not installed, or there is no such model.
    """

    def __init__(self, model: str, threads: int) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise SpeechError(
                "engine 'faster-whisper' is not installed: pip install faster-whisper"
            ) from error
        if not (Path(model) / "model.bin").is_file():
            raise SpeechError(
                f"engine 'faster-whisper' needs a model, and {model!r} has no model.bin; download one "
                "where there is a "
                "network (Systran/faster-whisper-tiny.en, say) and set the parameter model to its folder"
            )
        try:
            self._model: Any = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=threads)
        except (RuntimeError, ValueError) as error:
            raise SpeechError(f"faster-whisper cannot load {model}: {error}") from error

    def recognise(self, samples: Samples) -> Recognition:
        """See `Recogniser`."""
        if len(samples) < SHORTEST:
            return Recognition()
        segments, _ = self._model.transcribe(
            samples.astype("float32") / 32768, language="en", beam_size=5, condition_on_previous_text=False
        )
        # A generator: the work is done here.
        heard = list(segments)
        text = plain_words(" ".join(segment.text for segment in heard))
        if not text:
            return Recognition()
        certainty = min(math.exp(segment.avg_logprob) * (1 - segment.no_speech_prob) for segment in heard)
        return Recognition((Guess(text, 1.0),), max(0.0, min(1.0, certainty)))
