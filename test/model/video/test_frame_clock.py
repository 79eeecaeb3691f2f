import math

import pytest

from samwise.video.frame_clock import FrameClock


def times(stamps, interval=0.1):
    clock = FrameClock(interval)
    return [clock.time(stamp) for stamp in stamps], clock


def test_seconds_after_the_first():
    found, clock = times([1.4, 1.5, 3.0])
    assert found == pytest.approx([0.0, 0.1, 1.6]) and not clock.unreliable


def test_a_first_frame_that_has_its_time_of_decoding():
    """OpenCV, where frames are stored in another order: -0.2 for the frame at 0."""
    found, _ = times([-0.2, 0.1, 0.2])
    assert found == pytest.approx([0.0, 0.1, 0.2])


def test_frames_at_the_end_without_stamps_as_in_avi():
    found, clock = times([0.1 * t for t in range(1, 29)] + [0.0, 0.0])
    assert found == pytest.approx([0.1 * t for t in range(30)]) and not clock.unreliable


@pytest.mark.parametrize("stamp", [0.0, math.nan, math.inf, -1.0])
def test_no_stamps_at_all(stamp):
    found, clock = times([stamp] * 5, interval=0.04)
    assert found == pytest.approx([0.04 * t for t in range(5)]) and clock.unreliable and clock.guessed == 4


def test_a_jump_back_is_bridged():
    found, _ = times([0.0, 0.1, 0.2, 0.15, 0.4])
    assert found == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])
    found, clock = times([0.0, 0.1, 0.2, 0.3, 0.4, 0.0, 0.1, 0.2, 0.3, 0.4])
    assert found == pytest.approx([0.1 * t for t in range(10)]) and clock.unreliable
