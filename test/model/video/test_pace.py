"""Frames are left out evenly by their stamps, and never more than the rate asks for."""

import numpy as np
import pytest

from samwise.video.frames import Source
from samwise.video.pace import NANOSECONDS, Pace, suitable_rate


def taken(rate: float, stamps: list[float]) -> list[int]:
    pace = Pace(rate)
    return [i for i, stamp in enumerate(stamps) if pace.takes(round(stamp * NANOSECONDS))]


def camera(hz: float, seconds: float, start: float = 1.7e9) -> list[float]:
    return [start + i / hz for i in range(round(hz * seconds))]


@pytest.mark.parametrize(("hz", "step"), [(30, 3), (20, 2), (10, 1), (60, 6)])
def test_every_nth_frame_of_a_camera_that_is_n_times_as_fast(hz, step):
    assert taken(10, camera(hz, 20)) == list(range(0, 20 * hz, step))


@pytest.mark.parametrize("hz", [7, 10, 12, 15, 24, 25, 29.97, 30, 59.94])
@pytest.mark.parametrize("rate", [0.5, 5, 10, 12])
def test_no_more_than_the_rate_and_nearly_as_many(hz, rate):
    count = len(taken(rate, camera(hz, 60)))
    assert 0.98 * min(hz, rate) * 60 <= count <= 60 * rate + 1


def test_two_of_three_at_15_hz_for_10():
    assert taken(10, camera(15, 2))[:9] == [0, 2, 3, 5, 6, 8, 9, 11, 12]


def test_a_camera_of_that_rate_loses_nothing_to_its_jitter():
    rng = np.random.default_rng(0)
    stamps = [s + d for s, d in zip(camera(10, 60), rng.uniform(-0.01, 0.01, 600), strict=True)]
    assert len(taken(10, stamps)) == 600


def test_jitter_makes_a_fast_camera_no_less_even():
    rng = np.random.default_rng(1)
    stamps = [s + d for s, d in zip(camera(30, 30), rng.uniform(-0.004, 0.004, 900), strict=True)]
    gaps = np.diff(np.array(stamps)[taken(10, stamps)])
    assert gaps.min() > 0.06 and gaps.max() < 0.14


def test_after_a_pause_frames_do_not_come_in_a_burst():
    stamps = [*camera(30, 1), *camera(30, 1, start=1.7e9 + 60)]
    assert taken(10, stamps) == [*range(0, 30, 3), *range(30, 60, 3)]


def test_a_recording_that_starts_over_is_followed_at_once():
    stamps = camera(30, 2) * 2
    assert taken(10, stamps) == [*range(0, 60, 3), *range(60, 120, 3)]


def test_frames_that_overtook_each_other_are_not_a_new_start():
    stamps = camera(30, 1)
    stamps[4], stamps[3] = stamps[3], stamps[4]
    assert len(taken(10, stamps)) == 10


def test_without_a_rate_all_are_taken():
    assert taken(0, [0.0, 0.0, 0.0]) == [0, 1, 2]


def test_a_new_rate_holds_from_the_next_frame_on_and_the_same_one_changes_nothing():
    pace = Pace(1)
    second = NANOSECONDS
    assert [pace.takes(t) for t in (0, second // 2)] == [True, False]
    pace.change(1)
    assert not pace.takes(second // 2 + 1)
    pace.change(2)
    assert pace.takes(second // 2 + 2) and not pace.takes(second // 2 + 3)
    pace.change(0)
    assert pace.takes(second // 2 + 4)


@pytest.mark.parametrize(
    ("rate", "timed", "trained_at", "chosen"),
    [
        (30.0, True, 10.0, 10.0),
        (30.0, True, None, 0.0),
        (30.0, False, 10.0, 0.0),  # pictures in a folder: nobody knows how fast they were taken
        (10.0, True, 10.0, 0.0),
        (10.05, True, 10.0, 0.0),
        (5.0, True, 10.0, 0.0),
    ],
)
def test_a_source_is_seen_at_the_rate_of_the_training_where_its_own_is_higher(
    rate, timed, trained_at, chosen
):
    assert suitable_rate(Source("a", rate, 100, iter(()), timed), trained_at) == chosen
