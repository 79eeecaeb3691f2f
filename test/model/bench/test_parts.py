"""The table speaks of calls that really happen: a renamed or inlined method fails here."""

from contextlib import ExitStack
from itertools import cycle

import numpy as np
import pytest

from samwise.bench.measure import count_frame, count_sentence
from samwise.bench.parts import POSTPROCESS, PREPROCESS, SENTENCE, probes, rows
from samwise.bench.stopwatch import metered
from samwise.bench.stream import Stream
from samwise.bench.subject import random_model
from samwise.errors import SamwiseError

UNTIL_THE_CME_RUNS = 6


@pytest.fixture(scope="module")
def miniature():
    return random_model("miniature", "cpu", "float32", seed=0)


def stream(segmenter, clip: bool) -> Stream:
    frames = np.random.default_rng(0).integers(0, 256, (2, 60, 80, 3), dtype=np.uint8)
    return Stream(segmenter, ["the red car"], cycle(frames), clip)


def settled(segmenter, clip: bool) -> Stream:
    settled = stream(segmenter, clip)
    for _ in range(1 if clip else UNTIL_THE_CME_RUNS):
        settled.run(settled.take())
    return settled


@pytest.mark.slow
@pytest.mark.parametrize("clip", [False, True], ids=["causal", "clip"])
def test_every_row_does_some_arithmetic_and_all_of_it_is_in_a_row(miniature, clip):
    gflop, whole = count_frame(miniature.network, settled(miniature, clip))
    within = [row for row in rows(miniature.network) if row not in (PREPROCESS, POSTPROCESS)]
    assert sorted(gflop) == sorted(within)
    assert all(gflop[row] > 0 for row in within)
    assert sum(gflop.values()) == pytest.approx(whole, rel=1e-3)


@pytest.mark.slow
def test_every_probe_is_called_in_one_of_the_modes(miniature):
    with ExitStack() as stack:
        # Each for itself: of calls within calls, all are wanted here.
        sums = [(p, stack.enter_context(metered([p], lambda: 0.0))) for p in probes(miniature.network)]
        for clip in (False, True):
            settled(miniature, clip)
    assert [f"{type(p.owner).__name__}.{p.method}" for p, called in sums if not called] == []


def test_the_sentence_is_encoded_at_the_start(miniature):
    assert count_sentence(miniature.network, stream(miniature, False)) > 0
    assert SENTENCE not in rows(miniature.network)


def test_a_row_that_never_ran_is_an_error(miniature):
    # No frame has gone before: nothing is due for the CME.
    with pytest.raises(SamwiseError, match="nothing was measured for CME"):
        count_frame(miniature.network, stream(miniature, False))
