"""A whole measurement, step by step."""

from __future__ import annotations

import math
from typing import Any

from tqdm import tqdm

from samwise.bench.measure import count_frame, count_sentence, play, time_recording, time_sentence, warm_up
from samwise.bench.other import load_other
from samwise.bench.parts import rows
from samwise.bench.peak import forget_peak, peak_mib
from samwise.bench.report import Report, frame_table, sentence_row, versus
from samwise.bench.stream import Stream
from samwise.model import Model
from samwise.network.compiled import compile_parts


def bench(
    segmenter: Model,
    stream: Stream,
    *,
    warming: int,
    rounds: int,
    compiling: bool,
    against: str | None,
    progress: tqdm[Any],
) -> Report:
    """Measure a model, and another implementation alternately with it.

    Args:
        segmenter: to measure; with `compiling` its network is compiled in place.
        stream: of this model.
        warming: frames before anything is timed.
        rounds: frames, or clips, timed.
        compiling: whether to time compiled code.
        against: `package.module:factory` of the other, or None.
        progress: bar to move.

    Raises:
        SamwiseError: if the other cannot be loaded, or a part is not where the table looks for it.
    """
    network, device = segmenter.network, segmenter.device
    units = math.ceil(warming / stream.unit)
    progress.reset(units * (2 if compiling else 1) + 1 + (warming if against else 0) + rounds)
    sentence = sentence_row(time_sentence(network, stream, device), count_sentence(network, stream))
    forget_peak(device)
    progress.set_description("warming up")
    for _ in warm_up(stream, warming):
        progress.update()
    # Before compiling: the counter sees single operations, and compiled code has none.
    gflop, whole = count_frame(network, stream)
    progress.update()
    if compiling:
        progress.set_description("compiling")
        compile_parts(network)
        for _ in warm_up(stream, warming):
            progress.update()
    peak = peak_mib(device)
    other = None
    if against is not None:
        # Only now, so that its memory does not count as ours.
        progress.set_description("warming up the other")
        other = load_other(against)
        for _ in range(warming):
            other(stream.take()[0])
            progress.update()
    progress.set_description("timing")
    played = []
    for _ in range(rounds):
        played.append(play(network, stream, device, other))
        progress.update()
    recording = time_recording(stream, rounds) if stream.unit == 1 else None
    return Report(
        frame_table(rows(network), played, gflop, whole),
        sentence,
        peak,
        recording,
        None if against is None else versus(against, played),
    )
