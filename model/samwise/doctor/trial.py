"""Five frames of a model, timed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

FRAMES = 5
SIZE = (480, 640)
SENTENCE = "the red car"


@dataclass(frozen=True)
class Trial:
    """What came of it.

    Attributes:
        load_s: seconds until the model was there.
        first_s: seconds of a first frame, which is not counted: torch is still making ready.
        frame_s: seconds of a frame, the median of `FRAMES`.
        parameters: of the model.
        trained_rate: frames per second that it was trained at; None: its file does not say.
    """

    load_s: float
    first_s: float
    frame_s: float
    parameters: int
    trained_rate: float | None


def tried(checkpoint: Path | None, device: str, precision: str, threads: int = 0) -> Trial:
    """Load a model and segment noise of `SIZE` with it.

    Args:
        checkpoint: file; None: the miniature that ships.
        device: as torch names it.
        precision: see `load`, like `threads`.
        threads: see above.

    Raises:
        SamwiseError: as `load` and `Session.step`.
    """
    from samwise.model import load
    from samwise.session import Session

    begin = time.perf_counter()
    model = load(checkpoint, device=device, precision=precision, threads=threads)
    loaded = time.perf_counter()
    session = Session(model)
    session.start(SENTENCE)
    rng = np.random.default_rng(0)
    seconds = []
    for _ in range(1 + FRAMES):
        frame = rng.integers(0, 256, (*SIZE, 3), np.uint8)
        before = time.perf_counter()
        # The masks come as arrays, so nothing is still being computed when it returns.
        session.step(frame)
        seconds.append(time.perf_counter() - before)
    parameters = sum(parameter.numel() for parameter in model.network.parameters())
    rate = model.network.config.frame_rate
    return Trial(loaded - begin, seconds[0], median(seconds[1:]), parameters, rate)
