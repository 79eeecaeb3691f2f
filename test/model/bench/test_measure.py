from itertools import cycle

import numpy as np
import pytest
import torch

from samwise.bench.measure import play, time_recording, time_sentence, warm_up
from samwise.bench.parts import rows
from samwise.bench.stream import Stream

CPU = torch.device("cpu")


def stream(segmenter, clip: bool = False) -> Stream:
    frames = np.random.default_rng(0).integers(0, 256, (6, 30, 40, 3), dtype=np.uint8)
    return Stream(segmenter, ["the red car"], cycle(frames), clip)


@pytest.mark.parametrize("clip", [False, True], ids=["causal", "clip"])
def test_parts_and_the_rest_are_the_whole(segmenter, clip):
    running = stream(segmenter, clip)
    for _ in warm_up(running, 6):
        pass
    played = play(segmenter.network, running, CPU, None)
    assert set(played.parts) == set(rows(segmenter.network))
    assert all(seconds > 0 for seconds in played.parts.values())
    assert sum(played.parts.values()) + played.rest == pytest.approx(played.whole)
    assert played.rest > 0 and played.other is None


@pytest.mark.parametrize(("clip", "unit"), [(False, 1), (True, 4)], ids=["causal", "clip"])
def test_the_other_takes_turns_on_the_same_frames(segmenter, clip, unit, monkeypatch):
    running, order = stream(segmenter, clip), []
    ours = running.run
    monkeypatch.setattr(running, "run", lambda frames: order.append(("ours", frames)) or ours(frames))
    for _ in range(2):
        assert play(segmenter.network, running, CPU, lambda frame: order.append(("other", frame))).other > 0
    assert [who for who, _ in order] == (["ours"] + ["other"] * unit) * 2
    for start in (0, 1 + unit):
        for mine, (_, theirs) in zip(order[start][1], order[start + 1 : start + 1 + unit], strict=True):
            assert mine is theirs


def test_warming_up_runs_at_least_the_frames_asked_for(segmenter):
    running = stream(segmenter, clip=True)
    assert len(list(warm_up(running, 5))) == 2
    assert running.run(running.take())[0].frame_index == 8


def test_no_frame_switches_so_that_all_cost_the_same(segmenter):
    running = stream(segmenter)
    results = [running.run(running.take())[0] for _ in range(12)]
    decisions = [r.targets[0].decision for r in results[5:]]
    assert all(d is not None and not d.switched for d in decisions)


def test_a_sentence_is_timed_several_times(segmenter):
    times = time_sentence(segmenter.network, stream(segmenter), CPU)
    assert len(times) > 2 and all(t > 0 for t in times)


def test_a_recording_is_timed_by_the_frame(segmenter):
    running = stream(segmenter)
    assert time_recording(running, 5) > 0
    assert running.run(running.take())[0].frame_index == 5
