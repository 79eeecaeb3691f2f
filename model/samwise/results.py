"""What a session returns for a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Decision:
    """Outcome of the Conditional Memory Encoder on a frame where it ran.

    Attributes:
        probability: that the memory follows the wrong object, in [0, 1].
        threshold: a probability above it switches.
        switched: whether the memory was rewritten.
        tracked_mask: bool `[H, W]`, what the memory follows (the target before a switch).
        candidate_mask: bool `[H, W]`, the answer of this frame alone (the target after a switch).
    """

    probability: float
    threshold: float
    switched: bool
    tracked_mask: NDArray[np.bool_]
    candidate_mask: NDArray[np.bool_]


@dataclass(frozen=True)
class Target:
    """What one sentence names in a frame.

    Attributes:
        id: of the sentence in its session, as `Session.add` returned it.
        expression: the sentence.
        mask: bool `[H, W]` at the size of the frame.
        probability: float32 `[H, W]` in [0, 1]; the mask is where it exceeds the threshold.
        present: whether the object appears and has a pixel.
        score: probability in [0, 1] that the object appears.
        decision: of the CME; None on frames where it did not run.
    """

    id: int
    expression: str
    mask: NDArray[np.bool_]
    probability: NDArray[np.float32]
    present: bool
    score: float
    decision: Decision | None


@dataclass(frozen=True)
class StepResult:
    """Answer to `Session.step`.

    Attributes:
        frame_index: frames since the last reset, from 0.
        targets: one per sentence, in the order they were given.
        timings: seconds by part: preprocess, encode, track, postprocess; work that a clip does once for all
            its frames counts in equal shares.
    """

    frame_index: int
    targets: tuple[Target, ...]
    timings: Mapping[str, float]
