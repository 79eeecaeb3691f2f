"""A session fed with frames for as long as it is measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from samwise.bench.parts import POSTPROCESS, PREPROCESS
from samwise.model import Model
from samwise.results import StepResult
from samwise.session import Session

NEVER_SWITCH = 1.0
"""CME threshold that no probability exceeds. After a switch the CME skips two frames, and random weights
switch at random; without switches every frame asks the CME, and all frames cost the same."""


class Stream:
    """Runs a session unit by unit: a frame (causal mode) or a clip of T frames (clip mode).

    Args:
        segmenter: to measure.
        sentences: followed at once.
        frames: endless, uint8 `[H, W, 3]`.
        clip: whether to run in clip mode.
    """

    def __init__(
        self,
        segmenter: Model,
        sentences: Sequence[str],
        frames: Iterator[NDArray[np.uint8]],
        clip: bool,
    ) -> None:
        self._session = Session(segmenter, cme_threshold=NEVER_SWITCH)
        self._sentences, self._frames, self._clip = tuple(sentences), frames, clip
        self.unit = segmenter.network.config.clip_length if clip else 1
        self.start()

    def start(self) -> None:
        """Encode the sentences and forget all frames."""
        self._session.start(self._sentences)

    def take(self) -> list[NDArray[np.uint8]]:
        """The frames of the next unit."""
        return list(islice(self._frames, self.unit))

    def run(self, frames: Sequence[NDArray[np.uint8]]) -> tuple[StepResult, ...]:
        """Segment the frames of one unit."""
        return self._session.step_clip(frames) if self._clip else (self._session.step(frames[0]),)

    def run_ahead(self, frames: int) -> None:
        """Segment that many frames of a recording in causal mode, each encoded while the last is decoded."""
        for _ in self._session.steps(islice(self._frames, frames)):
            pass


def own_timings(results: Sequence[StepResult]) -> Mapping[str, float]:
    """Rows that the session times itself, in seconds: what lies around the network."""
    names = {PREPROCESS: "preprocess", POSTPROCESS: "postprocess"}
    return {row: sum(r.timings[name] for r in results) for row, name in names.items()}
