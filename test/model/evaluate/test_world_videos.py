import itertools

import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.evaluate.world_videos import FAMILIES, Format, family_of, make_video, seeds_of
from samwise.train.samples.dataset import HELD_OUT_SEED
from samwise.world import generate
from samwise.world.scene.splits import SPLITS, TEST_SPLITS
from samwise.world.words.query import Landmark, Query

FORM = Format(frames=6, size=(48, 64))


@pytest.mark.parametrize("split", TEST_SPLITS)
def test_a_video_is_the_worlds(split):
    ours = make_video(split, 5, FORM)
    theirs = generate(5, split, 6, (48, 64), FORM.fps)
    assert np.array_equal(ours.frames, theirs.frames)
    assert [q.expression for q in ours.questions] == [r.expression for r in theirs.referrals]
    for question, referral in zip(ours.questions, theirs.referrals, strict=True):
        assert np.array_equal(question.masks, referral.masks)
        assert question.family == referral.family


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


@pytest.mark.parametrize(
    ("query", "family"),
    [
        (Query("dog"), "kind"),
        (Query(None, "red"), "colour"),
        (Query("dog", "red"), "colour + kind"),
        (Query("dog", "red", rank="big"), "size"),
        (Query("dog", rank="leftmost"), "place"),
        (Query("dog", "red", place="top"), "place"),
        (Query("dog", claim="circling"), "motion"),
        (Query("dog", claim="entering"), "order"),
        (Query("dog", relation="left", landmark=Landmark("cup", None)), "relation"),
    ],
)
def test_families(query, family):
    assert family_of(query) == family and family in FAMILIES
