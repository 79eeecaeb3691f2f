"""The listener's ears and judgement, without ROS: from a recording to verdicts."""

from __future__ import annotations

import time
from collections.abc import Iterator

from samwise_ros.listener.engines import EngineSettings, open_engine
from samwise_ros.listener.interpreter import Thresholds, Verdict
from samwise_ros.listener.listening import interpreter, sayable
from samwise_ros.listener.recogniser import Recogniser, Samples
from samwise_ros.listener.sound import RATE
from samwise_ros.listener.utterances import Cutter, Piece, PushToTalk, VoiceActivity

BLOCK = RATE // 16
"""Samples in a piece, as a microphone hands them over."""


class Hearing:
    """Hears recordings as the node does.

    Args:
        engine, model, threads: as the node's parameters.
        thresholds: as the node's parameters.
        button: a button is held for each recording; otherwise the microphone is open.
        wake_word: that the listener waits for; empty: none.

    Attributes:
        busy_s: seconds of processor time that recognising took so far.
        heard_s: seconds of sound in the utterances so far.
    """

    def __init__(
        self,
        engine: str,
        model: str,
        threads: int,
        thresholds: Thresholds,
        button: bool = True,
        wake_word: str = "",
    ) -> None:
        settings = EngineSettings(sayable(wake_word), model, threads)
        self._recogniser: Recogniser = open_engine(engine, settings)
        self._engine, self._thresholds, self._button, self._wake_word = engine, thresholds, button, wake_word
        self.busy_s = self.heard_s = 0.0

    def hear(self, samples: Samples) -> Iterator[Verdict]:
        """What is made of each utterance in a recording; with a button held, it is one."""
        judge = interpreter(self._engine, self._wake_word, self._button)
        cutter: Cutter = PushToTalk() if self._button else VoiceActivity()
        for start in range(0, max(1, len(samples)), BLOCK):
            end = start + BLOCK
            for utterance in cutter.add(Piece(samples[start:end], RATE, last=end >= len(samples))):
                began = time.process_time()
                recognition = self._recogniser.recognise(utterance)
                self.busy_s += time.process_time() - began
                self.heard_s += len(utterance) / RATE
                yield judge.judge(recognition, self._thresholds)
