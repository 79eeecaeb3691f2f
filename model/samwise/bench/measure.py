"""The measurement: warm up, count arithmetic, then time round by round. Everything is per frame."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch

from samwise.bench.flops import counted
from samwise.bench.other import FrameCall
from samwise.bench.parts import POSTPROCESS, PREPROCESS, SENTENCE, probes, rows
from samwise.bench.stopwatch import Meter, clock, metered
from samwise.bench.stream import Stream, own_timings
from samwise.errors import SamwiseError
from samwise.network.samwise import Samwise

SENTENCE_ROUNDS = 5


@dataclass(frozen=True)
class Round:
    """Seconds per frame in one round.

    Attributes:
        parts: by row of the table.
        rest: time between the parts, belonging to none.
        whole: the whole frame, with nothing timed inside.
        other: of the other implementation, in the same round; None if there is none.
    """

    parts: Mapping[str, float]
    rest: float
    whole: float
    other: float | None


def count_sentence(network: Samwise, stream: Stream) -> float:
    """GFLOP of encoding the sentences. Forgets the frames."""
    with counted() as meter, metered(probes(network), meter) as sums:
        stream.start()
    return sums[SENTENCE] / 1e9


def time_sentence(network: Samwise, stream: Stream, device: torch.device) -> list[float]:
    """Seconds of encoding the sentences, a few times. Forgets the frames."""
    times = []
    for _ in range(SENTENCE_ROUNDS):
        with metered(probes(network), clock(device)) as sums:
            stream.start()
        times.append(sums[SENTENCE])
    return times


def warm_up(stream: Stream, frames: int) -> Iterator[None]:
    """Run at least that many frames; yields after every unit."""
    for _ in range(math.ceil(frames / stream.unit)):
        stream.run(stream.take())
        yield


def count_frame(network: Samwise, stream: Stream) -> tuple[dict[str, float], float]:
    """GFLOP of a frame by row, and of the whole frame.

    Raises:
        SamwiseError: if a row of the table never ran: then it names the wrong method.
    """
    with counted() as meter, metered(probes(network), meter) as sums:
        stream.run(stream.take())
        whole = meter()
    if idle := set(rows(network)) - set(sums) - {PREPROCESS, POSTPROCESS}:
        raise SamwiseError(f"nothing was measured for {', '.join(sorted(idle))}; fix samwise/bench/parts.py")
    scale = 1e9 * stream.unit
    return {row: operations / scale for row, operations in sums.items()}, whole / scale


def play(network: Samwise, stream: Stream, device: torch.device, other: FrameCall | None) -> Round:
    """One round: a unit of ours, and the same frames for the other."""
    now = clock(device)
    batch = stream.take()
    begin = now()
    with metered(probes(network), now) as sums:
        results = stream.run(batch)
    timed = now() - begin
    parts = {**sums, **own_timings(results)}
    # On a CPU reading the clock costs nothing. A GPU must be waited for at each reading, so no work can be
    # queued ahead; there one more frame shows the whole without that.
    whole = timed if device.type != "cuda" else _elapsed(now, lambda: stream.run(batch))
    theirs = None if other is None else _elapsed(now, lambda: [other(frame) for frame in batch])
    unit = stream.unit
    return Round(
        {row: seconds / unit for row, seconds in parts.items()},
        (timed - sum(parts.values())) / unit,
        whole / unit,
        None if theirs is None else theirs / unit,
    )


def time_recording(stream: Stream, frames: int) -> float:
    """Seconds per frame of a recording, where the next frame is encoded at the same time. Causal mode."""
    return _elapsed(time.perf_counter, lambda: stream.run_ahead(frames)) / frames


def _elapsed(now: Meter, work: Callable[[], object]) -> float:
    begin = now()
    work()
    return now() - begin
