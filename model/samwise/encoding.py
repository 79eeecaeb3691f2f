"""From the pixels of frames to what each sentence sees in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samwise.cohort import Cohort
from samwise.model import Model
from samwise.network.samwise import FrameFeatures
from samwise.shell.laps import Laps
from samwise.video.preprocess import Canvas


@dataclass(frozen=True)
class EncodedFrame:
    """A frame between encoder and decoder.

    Attributes:
        canvas: where it lies on the network's input.
        seen: what no sentence has a part in; nothing for a frame of a clip.
        features: as the sentences see it.
        seconds: spent, by part.
    """

    canvas: Canvas
    seen: list[Tensor]
    features: dict[Cohort, FrameFeatures]
    seconds: dict[str, float]

    def features_for(self, model: Model, cohort: Cohort) -> FrameFeatures:
        """What sentences see, also if they came while the frame was being encoded for the others."""
        known = self.features.get(cohort)
        return known or model.network.ask_frame(self.seen, cohort.sentences.text, cohort.cache)


def encode_frame(
    model: Model, frame: NDArray[np.uint8], canvas: Canvas, cohorts: Collection[Cohort]
) -> EncodedFrame:
    """Encode the next frame of a stream, uint8 `[H, W, 3]`; the cohorts' caches advance by one frame."""
    laps, network = Laps(), model.network
    prepared = canvas.prepare(frame).to(model.device)
    laps.lap("preprocess")
    with torch.inference_mode(), model.precision():
        seen = network.look(prepared[None, None])
        features = {c: network.ask_frame(seen, c.sentences.text, c.cache) for c in cohorts}
    laps.lap("encode")
    return EncodedFrame(canvas, seen, features, laps.seconds)


def encode_clip(
    model: Model, frames: Sequence[NDArray[np.uint8]], canvas: Canvas, cohorts: Collection[Cohort]
) -> list[EncodedFrame]:
    """Encode a whole clip; what it takes is shared by its frames."""
    laps, network = Laps(), model.network
    prepared = torch.stack([canvas.prepare(frame) for frame in frames]).to(model.device)
    laps.lap("preprocess")
    with torch.inference_mode(), model.precision():
        seen = network.look(prepared[None])
        clips = {c: network.ask_clip(seen, c.sentences.text) for c in cohorts}
    laps.lap("encode")
    shared = {name: seconds / len(frames) for name, seconds in laps.seconds.items()}
    return [
        EncodedFrame(canvas, [], {c: clip.frame(t) for c, clip in clips.items()}, shared)
        for t in range(len(frames))
    ]
