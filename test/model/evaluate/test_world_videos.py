import itertools
import pickle

import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.evaluate.world_videos import Format, seeds_of, world_jobs
from samwise.train.samples.dataset import HELD_OUT_SEED
from samwise.world import generate
from samwise.world.scene.splits import SPLITS


def test_jobs_draw_the_videos_of_the_series_in_any_process():
    jobs = pickle.loads(pickle.dumps(world_jobs("late", 2, 3, Format(6, (48, 64), 8.0), "always", "clip")))
    assert [(job.split, job.cme, job.mode) for job in jobs] == [("late", "always", "clip")] * 3
    for job, seed in zip(jobs, seeds_of("late", 2, 3), strict=True):
        drawn, expected = job.video(), generate(seed, "late", 6, (48, 64), 8.0)
        assert job.name == drawn.name == expected.name
        assert np.array_equal(drawn.frames, expected.frames)
        assert [r.expression for r in drawn.referrals] == [r.expression for r in expected.referrals]


def test_series_share_no_videos_and_training_sees_none():
    for split in SPLITS:
        series = [seeds_of(split, number, 1000) for number in range(3)]
        assert all(len(seeds) == 1000 for seeds in series)
        assert not any(set(a) & set(b) for a, b in itertools.combinations(series, 2))
    # Validation takes the first few from HELD_OUT_SEED on.
    assert seeds_of("train", 0, 1).start > HELD_OUT_SEED + 10_000


@pytest.mark.parametrize(("series", "videos"), [(-1, 5), (10**6, 5), (0, 0), (0, 10**6 + 1)])
def test_numbers_out_of_range_are_named(series, videos):
    with pytest.raises(ConfigurationError, match=f"{series if videos == 5 else videos}"):
        seeds_of("late", series, videos)
