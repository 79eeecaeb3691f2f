import numpy as np
import pytest

from samwise.evaluate.follow import Trail
from samwise.evaluate.scores import score


def masks(*columns: range) -> np.ndarray:
    video = np.zeros((len(columns), 50, 50), dtype=bool)
    for frame, chosen in zip(video, columns, strict=True):
        frame[10:40, list(chosen)] = True
    return video


NONE = range(0)


def test_frames_with_and_without_the_target():
    truth = masks(NONE, NONE, range(10, 30), range(10, 30))
    found = masks(NONE, range(5), range(10, 30), range(20, 40))
    scores = score(Trail(found, {}), truth)
    # Empty against empty 1, something against empty 0, equal 1, a third.
    assert scores.j == pytest.approx((1 + 0 + 1 + 1 / 3) / 4)
    assert scores.visible_j == pytest.approx((1 + 1 / 3) / 2)
    assert (scores.absent, scores.left_empty) == (2, 1)
    assert 0.5 < scores.f < 0.75 and scores.j_and_f == (scores.j + scores.f) / 2


def test_a_target_that_never_shows():
    scores = score(Trail(masks(NONE, NONE), {}), masks(NONE, NONE))
    assert (scores.j_and_f, scores.visible_j, scores.absent, scores.left_empty) == (1, None, 2, 2)


def test_switches_are_judged_with_the_masks():
    truth, found = masks(*[range(10, 20)] * 4), masks(*[range(30, 40)] * 4)
    switches = score(Trail(found, {2: truth[0]}), truth).switches
    assert (switches.right, switches.moments, switches.delays) == (1, 1, (2,))
