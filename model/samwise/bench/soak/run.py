"""The long stream and the samples taken from it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, cycle
from statistics import median

import numpy as np
from numpy.typing import NDArray

from samwise.bench.process_memory import resident_mib
from samwise.session import Session


@dataclass(frozen=True)
class Sample:
    """What was seen after a stretch of frames.

    Attributes:
        frame: frames streamed so far.
        resident_mib: memory of the process, MiB.
        step_ms: median time of a step since the last sample, milliseconds.
    """

    frame: int
    resident_mib: float
    step_ms: float


def forth_and_back(frames: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """A video played to its end and back again, forever: it never jumps."""
    return cycle(chain(frames, frames[-2:0:-1]))


def soak(
    session: Session,
    frames: Iterable[NDArray[np.uint8]],
    sentences: Sequence[str],
    *,
    every: int,
    change_every: int | None = None,
) -> Iterator[Sample]:
    """Stream frames through a session, following the first sentence.

    Args:
        session: started here.
        frames: uint8 `[H, W, 3]` RGB.
        sentences: what to follow, in turn if `change_every` is given.
        every: frames between two samples.
        change_every: frames after which the next sentence is taken; None: never.

    Yields:
        A sample after each `every` frames.
    """
    turns = cycle(sentences)
    session.start(next(turns))
    times: list[float] = []
    for number, frame in enumerate(frames, 1):
        begin = time.perf_counter()
        session.step(frame)
        times.append(time.perf_counter() - begin)
        if number % every == 0:
            yield Sample(number, resident_mib(), 1e3 * median(times))
            times.clear()
        if change_every is not None and number % change_every == 0:
            session.set_expression(next(turns))
