"""Cuts a stream of sound into utterances: by a button, or by the voice itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.recogniser import Samples
from samwise_ros.listener.sound import RATE, at_our_rate, check_rate

LONGEST_S = 12.0
"""Seconds after which an utterance is cut off: no sentence takes that long, and a stuck button must not fill
memory."""
FRAME_S = 0.03
"""Seconds that the voice detector decides about at a time."""


@dataclass(frozen=True)
class Piece:
    """A piece of sound as it comes in.

    Attributes:
        samples: int16 [N], mono.
        rate: samples per second.
        last: the button was released.
    """

    samples: Samples
    rate: int
    last: bool = False


class Cutter(Protocol):
    """Collects pieces of sound until an utterance is whole."""

    def add(self, piece: Piece) -> Iterator[Samples]:
        """Yield the utterances, at `RATE`, that end in this piece.

        Raises:
            SpeechError: if the piece cannot be used; what was collected before is forgotten.
        """


class PushToTalk:
    """An utterance is what comes while the button is held."""

    def __init__(self) -> None:
        self._parts: list[Samples] = []
        self._rate = 0
        self._length = 0

    def add(self, piece: Piece) -> Iterator[Samples]:
        """See `Cutter`."""
        try:
            check_rate(piece.rate)
            if self._parts and piece.rate != self._rate:
                raise SpeechError(
                    f"the rate changes from {self._rate} to {piece.rate} samples per second within an "
                    "utterance; "
                    "keep to one, or end the utterance (last) first"
                )
        except SpeechError:
            self._forget()
            raise
        self._rate = piece.rate
        room = max(0, int(LONGEST_S * piece.rate) - self._length)
        if len(piece.samples) and room:
            self._parts.append(piece.samples[:room])
            self._length += len(self._parts[-1])
        if piece.last:
            whole = np.concatenate(self._parts) if self._parts else np.zeros(0, np.int16)
            self._forget()
            yield at_our_rate(whole, piece.rate)

    def _forget(self) -> None:
        self._parts, self._length = [], 0


class VoiceActivity:
    """An utterance is what comes while somebody speaks, as WebRTC's detector in PocketSphinx hears it.

    Args:
        strictness: how much like a voice it has to be, 0 (loose) to 3 (very strict).
        pause_s: silence that ends an utterance, in seconds.

    Raises:
        SpeechError: if PocketSphinx is not installed.
    """

    def __init__(self, strictness: int = 2, pause_s: float = 0.5) -> None:
        try:
            from pocketsphinx import Endpointer
        except ImportError as error:
            raise SpeechError(
                "finding utterances by the voice needs pocketsphinx: pip install -r requirements/speech.txt, "
                "or set the parameter cutting to push_to_talk"
            ) from error
        endpointer: Any = Endpointer
        self._open: Callable[[], Any] = lambda: endpointer(
            window=pause_s, ratio=0.9, vad_mode=strictness, sample_rate=RATE, frame_length=FRAME_S
        )
        self._restart()

    def _restart(self) -> None:
        self._endpointer: Any = self._open()
        self._stream: Any = None
        self._rate = 0
        self._rest = b""
        self._parts: list[bytes] = []

    def add(self, piece: Piece) -> Iterator[Samples]:
        """See `Cutter`."""
        if piece.rate != self._rate:
            check_rate(piece.rate)
            self._restart()
            self._rate = piece.rate
        sound = self._rest + self._resampled(piece.samples).tobytes()
        size = self._endpointer.frame_bytes
        whole = len(sound) // size * size
        self._rest = sound[whole:]
        for start in range(0, whole, size):
            yield from self._frame(sound[start : start + size])
        if piece.last:
            yield from self._finish()

    def _frame(self, frame: bytes) -> Iterator[Samples]:
        spoken = self._endpointer.process(frame)
        if spoken is None:
            return
        self._parts.append(spoken)
        too_long = sum(map(len, self._parts)) > LONGEST_S * RATE * 2
        if not self._endpointer.in_speech or too_long:
            yield self._taken()
            if too_long:
                # Talk without a pause, or noise that passes for a voice: begin afresh.
                self._endpointer = self._open()

    def _finish(self) -> Iterator[Samples]:
        if self._endpointer.in_speech:
            spoken = self._endpointer.end_stream(self._rest)
            self._parts += [spoken] if spoken else []
        if self._parts:
            yield self._taken()
        self._restart()

    def _taken(self) -> Samples:
        whole = b"".join(self._parts)
        self._parts = []
        return np.frombuffer(whole, np.int16)

    def _resampled(self, samples: Samples) -> Samples:
        if self._rate == RATE:
            return samples
        try:
            import soxr
        except ImportError as error:
            raise SpeechError(
                f"sound at {self._rate} samples per second needs soxr to become {RATE}; install it "
                "(pip install -r requirements/speech.txt), or record at that rate"
            ) from error
        if self._stream is None:
            self._stream = soxr.ResampleStream(self._rate, RATE, 1, dtype="int16")
        resampled: Samples = self._stream.resample_chunk(samples)
        return resampled
