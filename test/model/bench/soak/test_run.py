from itertools import islice

import numpy as np

from samwise import Session
from samwise.bench.soak import run
from samwise.bench.soak.run import forth_and_back, soak


def test_a_video_is_played_forth_and_back_without_a_jump():
    frames = [np.full((1, 1, 3), i, np.uint8) for i in range(4)]
    played = [int(f[0, 0, 0]) for f in islice(forth_and_back(frames), 12)]
    assert played == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1]


def test_samples_and_changes_of_sentence_come_when_they_are_due(segmenter, monkeypatch):
    followed = []
    session = Session(segmenter)
    step = session.step
    monkeypatch.setattr(session, "step", lambda f: followed.append(session.expressions[0]) or step(f))
    memory = iter(range(500, 600))
    monkeypatch.setattr(run, "resident_mib", lambda: float(next(memory)))
    frames = np.random.default_rng(0).integers(0, 256, (7, 20, 30, 3), dtype=np.uint8)
    samples = list(soak(session, frames, ["the red car", "the dog"], every=3, change_every=2))
    assert [(s.frame, s.resident_mib) for s in samples] == [(3, 500.0), (6, 501.0)]
    assert all(s.step_ms > 0 for s in samples)
    car, dog = "the red car", "the dog"
    assert followed == [car, car, dog, dog, car, car, dog]
