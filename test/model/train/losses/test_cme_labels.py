import pytest
import torch

from samwise.train.losses.cme_labels import DIFFERENT, IGNORED, SAME, decision_labels, scaled_area


def box(left: int, width: int) -> torch.Tensor:
    mask = torch.zeros(1, 20, 40, dtype=torch.bool)
    mask[:, 5:15, left : left + width] = True
    return mask


EMPTY = torch.zeros(1, 20, 40, dtype=torch.bool)


@pytest.mark.parametrize(
    ("tracked", "candidate", "score", "label"),
    [
        (box(0, 10), box(0, 10), 1.0, SAME),
        (box(0, 10), box(20, 10), 1.0, DIFFERENT),
        (box(0, 10), box(9, 10), 1.0, SAME),  # shares 10 of 100 pixels: just enough
        (box(0, 11), box(10, 20), 1.0, DIFFERENT),  # 10 of 110
        (box(0, 2), box(0, 20), 1.0, SAME),  # the smaller mask counts
        (box(0, 10), box(20, 10), -1.0, IGNORED),  # the memory-less branch sees nothing
        (box(0, 5), box(20, 5), 1.0, IGNORED),  # 50 pixels each: too small
        (box(0, 5), box(20, 6), 1.0, DIFFERENT),
        (EMPTY, box(0, 10), 1.0, DIFFERENT),  # 0/0 in the official code, which says SAME
        (box(0, 10), EMPTY, 1.0, DIFFERENT),
        (EMPTY, EMPTY, 1.0, IGNORED),
    ],
)
def test_labels(tracked, candidate, score, label):
    assert decision_labels(tracked, candidate, torch.tensor([score]), min_area=50).tolist() == [label]


def test_a_batch_is_labelled_row_by_row():
    tracked, candidate = torch.cat([box(0, 10)] * 3), torch.cat([box(0, 10), box(20, 10), box(0, 10)])
    labels = decision_labels(tracked, candidate, torch.tensor([1.0, 1.0, -1.0]), min_area=50)
    assert labels.dtype == torch.long and labels.tolist() == [SAME, DIFFERENT, IGNORED]


def test_areas_scale_with_the_input():
    assert scaled_area(50, 1024) == 50 and scaled_area(50, 256) == pytest.approx(3.125)
