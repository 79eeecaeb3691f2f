import numpy as np
import pytest

from samwise.train.samples.frame_sampling import near, spread


def draws(sampler, anchor, length, count, times=300):
    random = np.random.default_rng(0)
    return [sampler(anchor, length, count, random) for _ in range(times)]


@pytest.mark.parametrize("sampler", [near, spread])
@pytest.mark.parametrize(("anchor", "length"), [(0, 40), (17, 40), (39, 40), (0, 1), (2, 5), (0, 8), (7, 9)])
@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_there_are_always_enough_sorted_frames(sampler, anchor, length, count):
    for frames in draws(sampler, anchor, length, count, 20):
        assert len(frames) == count and frames == sorted(frames)
        assert frames[0] >= 0 and frames[-1] < length


@pytest.mark.parametrize("sampler", [near, spread])
def test_long_videos_give_no_frame_twice(sampler):
    # Near an end, the neighbours of `spread` may fall together with the anchor, as in the official loader.
    assert all(len(set(frames)) == 8 for frames in draws(sampler, 50, 100, 8))
    assert all(len(set(frames)) == 8 for frames in draws(near, 0, 100, 8))


def test_near_takes_half_before_and_half_from_the_anchor_on():
    found = draws(near, 50, 100, 8)
    assert all(sum(t < 50 for t in frames) == 4 for frames in found)
    assert {t for frames in found for t in frames} == set(range(42, 58))


def test_near_reaches_twice_as_far_at_an_end():
    found = {t for frames in draws(near, 0, 100, 8) for t in frames}
    assert found == set(range(16))


def test_a_single_frame_is_the_anchor():
    assert draws(near, 7, 20, 1, 5) == draws(spread, 7, 20, 1, 5) == [[7]] * 5


def test_spread_has_the_anchor_two_neighbours_and_the_whole_video():
    found = draws(spread, 50, 100, 8)
    for frames in found:
        assert 50 in frames
        assert any(47 <= t < 50 for t in frames) and any(50 < t <= 53 for t in frames)
        assert sum(47 <= t <= 53 for t in frames) >= 3
    reached = {t for frames in found for t in frames}
    assert min(reached) < 5 and max(reached) > 94
