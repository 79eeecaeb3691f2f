import numpy as np
import pytest

from samwise.evaluate.switches import SwitchCounts, count_switches, total, wrong_frames

SIDE = 40


def square(left: int) -> np.ndarray:
    """10x10 of 40x40 pixels."""
    mask = np.zeros((SIDE, SIDE), dtype=bool)
    mask[10:20, left : left + 10] = True
    return mask


EMPTY, TARGET, OTHER = np.zeros((SIDE, SIDE), dtype=bool), square(2), square(25)


def film(*masks: np.ndarray) -> np.ndarray:
    return np.stack(masks)


def test_wrong_is_another_object_or_nothing_while_the_target_is_visible():
    truth = film(TARGET, TARGET, TARGET, EMPTY, EMPTY)
    tracked = film(TARGET, OTHER, EMPTY, OTHER, EMPTY)
    assert wrong_frames(truth, tracked).tolist() == [False, True, True, False, False]


def test_a_target_of_one_pixel_is_not_visible():
    speck = np.zeros((SIDE, SIDE), dtype=bool)
    speck[0, 0] = True
    assert wrong_frames(film(speck), film(OTHER)).tolist() == [False]


def test_poor_overlap_is_wrong_only_below_a_tenth():
    # 9 of 10 columns apart: 10 shared of 190, 5 %; 7 apart: 30 of 170, 18 %.
    assert wrong_frames(film(TARGET, TARGET), film(square(11), square(9))).tolist() == [True, False]


def test_a_switch_to_the_target_answers_the_moment():
    # The target comes in at 2; the memory keeps to the other one until a switch at 4.
    truth = film(EMPTY, EMPTY, *[TARGET] * 5)
    tracked = film(*[OTHER] * 5, TARGET, TARGET)
    counts = count_switches(truth, tracked, {4: TARGET})
    assert counts == SwitchCounts(switches=1, right=1, moments=1, delays=(2,))
    assert (counts.precision, counts.recall, counts.delay) == (1, 1, 2)


@pytest.mark.parametrize(
    ("truth", "tracked", "candidate"),
    [
        (TARGET, TARGET, OTHER),  # away from the right object
        (TARGET, OTHER, square(29)),  # from a wrong object to another place that is wrong
        (EMPTY, OTHER, TARGET),  # nothing to switch to
        (TARGET, TARGET, TARGET),  # nothing to gain
    ],
)
def test_false_switches(truth, tracked, candidate):
    counts = count_switches(film(*[truth] * 5), film(*[tracked] * 5), {3: candidate})
    assert (counts.switches, counts.right, counts.delays) == (1, 0, ())
    assert counts.precision == 0


def test_moments_without_an_answer_lower_the_recall():
    truth = film(*[TARGET] * 9)
    # Wrong at 1-3 (answered at 2), for two frames at 5-6 (too short to be a moment), and right otherwise.
    tracked = film(TARGET, OTHER, OTHER, OTHER, TARGET, OTHER, OTHER, TARGET, TARGET)
    assert count_switches(truth, tracked, {2: TARGET}) == SwitchCounts(1, 1, 1, (1,))
    assert count_switches(truth, tracked, {}).recall == 0
    # Answered at once, a short run is a moment.
    assert count_switches(truth, tracked, {5: TARGET}) == SwitchCounts(1, 1, 2, (0,))


def test_a_second_right_switch_in_a_run_answers_no_second_moment():
    counts = count_switches(film(*[TARGET] * 6), film(*[OTHER] * 6), {1: TARGET, 4: TARGET})
    assert counts == SwitchCounts(2, 2, 1, (1,))


def test_a_run_may_last_until_the_end():
    assert count_switches(film(*[TARGET] * 4), film(TARGET, OTHER, OTHER, OTHER), {}).moments == 1


def test_counts_add_up_and_shares_of_nothing_are_none():
    counts = total([SwitchCounts(4, 3, 2, (1,)), SwitchCounts(1, 0, 2, (2, 6)), SwitchCounts()])
    assert counts == SwitchCounts(5, 3, 4, (1, 2, 6))
    assert (counts.precision, counts.recall, counts.delay) == (0.6, 0.75, 3)
    assert (SwitchCounts().precision, SwitchCounts().recall, SwitchCounts().delay) == (None, None, None)
