"""sherpa-onnx with a transducer (zipformer), for free speech.

Knows no grammar: whatever is said becomes words.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from samwise_ros.listener.engines.words import plain_words
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.recogniser import SHORTEST, Guess, Recognition, Samples
from samwise_ros.listener.sound import RATE

PARTS = ("encoder", "decoder", "joiner")


class SherpaOnnx:
    """Hears any sentence in the language of the model.

    Args:
        model: folder with an offline transducer: encoder*.onnx, decoder*.onnx, joiner*.onnx, tokens.txt.
        threads: it may use.

    Raises:
        SpeechError: if it is not installed, or there is no such model.
    """

    def __init__(self, model: str, threads: int) -> None:
        try:
            import sherpa_onnx
        except ImportError as error:
            raise SpeechError("engine 'sherpa-onnx' is not installed: pip install sherpa-onnx") from error
        files = {part: _file(Path(model), f"{part}*.onnx") for part in PARTS}
        tokens = _file(Path(model), "tokens.txt")
        try:
            self._model: Any = sherpa_onnx.OfflineRecognizer.from_transducer(
                **files, tokens=tokens, num_threads=threads, sample_rate=RATE, decoding_method="greedy_search"
            )
        except (RuntimeError, ValueError) as error:
            raise SpeechError(f"sherpa-onnx cannot load {model}: {error}") from error

    def recognise(self, samples: Samples) -> Recognition:
        """See `Recogniser`."""
        if len(samples) < SHORTEST:
            return Recognition()
        stream = self._model.create_stream()
        stream.accept_waveform(RATE, samples.astype("float32") / 32768)
        self._model.decode_stream(stream)
        text = plain_words(stream.result.text)
        if not text:
            return Recognition()
        # Newer releases say how likely each token is; without that, words count as certain.
        chances = list(getattr(stream.result, "ys_log_probs", []))
        certainty = math.exp(sum(chances) / len(chances)) if chances else 1.0
        return Recognition((Guess(text, 1.0),), max(0.0, min(1.0, certainty)))


def _file(folder: Path, pattern: str) -> str:
    # int8 files come beside the full ones; the shorter name is the full one.
    found = (
        sorted(folder.glob(pattern), key=lambda path: (len(path.name), path.name))
        if str(folder) != "."
        else []
    )
    if not found:
        raise SpeechError(
            f"engine 'sherpa-onnx' needs a model, and {str(folder)!r} has no {pattern}; download an "
            "offline transducer "
            "where there is a network and set the parameter model to its folder"
        )
    return str(found[0])
