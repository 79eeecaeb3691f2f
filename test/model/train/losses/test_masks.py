import math

import pytest
import torch

from samwise.train.losses.masks import (
    alignment_loss,
    decision_loss,
    dice_loss,
    focal_loss,
    jaccard_loss,
    object_score_loss,
)


def test_focal_by_hand():
    logits = torch.tensor([0.0, 2.0]).reshape(1, 1, 1, 2)
    targets = torch.tensor([1, 0]).reshape(1, 1, 1, 2)
    p = 1 / (1 + math.exp(-2.0))
    expected = (0.25 * 0.5**2 * -math.log(0.5) + 0.75 * p**2 * -math.log(1 - p)) / 2
    assert focal_loss(logits, targets).item() == pytest.approx(expected, rel=1e-5)


def test_dice_counts_the_clip_as_one_volume():
    # Certain predictions: 2 of 4 pixels right in the first frame, nothing in the empty second one.
    logits = torch.full((1, 2, 1, 4), -100.0)
    logits[0, 0, 0, :2] = 100
    targets = torch.zeros(1, 2, 1, 4)
    targets[0, 0, 0] = 1
    assert dice_loss(logits, targets).item() == pytest.approx(1 - (2 * 2 + 1) / (2 + 4 + 1))


def test_jaccard_counts_the_clip_as_one_volume():
    # 2 of 4 pixels right in the first frame, 1 too many in the empty second one.
    logits = torch.full((1, 2, 1, 4), -100.0)
    logits[0, 0, 0, :2] = logits[0, 1, 0, 0] = 100
    targets = torch.zeros(1, 2, 1, 4)
    targets[0, 0, 0] = 1
    assert jaccard_loss(logits, targets).item() == pytest.approx(1 - (2 + 1) / (3 + 4 - 2 + 1))


@pytest.mark.parametrize(("loss", "hedges"), [(dice_loss, True), (jaccard_loss, False)])
def test_jaccard_chooses_between_look_alikes_where_dice_takes_both(loss, hedges):
    """One of two things of 500 pixels is meant, the first in 6 cases of 10: outline that, or both?"""
    first = torch.zeros(1, 1, 2, 500)
    first[..., 0, :] = 1
    second = 1 - first

    def expected(answer):
        logits = 100 * (2 * answer - 1)
        return 0.6 * loss(logits, first) + 0.4 * loss(logits, second)

    assert bool(expected(first + second) < expected(first)) is hedges


def test_dice_of_an_absent_target_pushes_predictions_away():
    logits = torch.zeros(1, 1, 2, 2, requires_grad=True)
    loss = dice_loss(logits, torch.zeros(1, 1, 2, 2))
    loss.backward()
    assert loss.item() == pytest.approx(1 - 1 / 3) and (logits.grad > 0).all()


def test_losses_average_over_the_batch():
    logits, targets = torch.randn(3, 2, 4, 4), torch.rand(3, 2, 4, 4) > 0.5
    for loss in (focal_loss, dice_loss, jaccard_loss):
        each = torch.stack([loss(logits[i : i + 1], targets[i : i + 1]) for i in range(3)])
        assert torch.allclose(loss(logits, targets), each.mean())


def test_alignment_is_least_where_sentences_point_at_their_pixels():
    rho = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    targets = torch.zeros(2, 1, 4, 4, dtype=torch.bool)
    targets[0, 0, :2, :2] = targets[1, 0, 2:, 2:] = True
    pixels = torch.full((2, 1, 2, 2, 2), -20.0)
    pixels[:, :, 0, 0, 0] = pixels[:, :, 1, 1, 1] = 20.0
    right, wrong = (alignment_loss(r, pixels, targets) for r in (rho, rho.flip(0)))
    assert right.item() == pytest.approx(0, abs=1e-4) and wrong > 1
    # Half a cell is half a pixel of the feature map.
    targets[0, 0, :2, 1] = False
    assert alignment_loss(rho, pixels, targets) > right + 0.1


def test_object_score_follows_presence():
    targets = torch.zeros(1, 2, 3, 3, dtype=torch.bool)
    targets[0, 0, 1, 1] = True
    assert object_score_loss(torch.tensor([[20.0, -20.0]]), targets).item() == pytest.approx(0, abs=1e-6)
    assert object_score_loss(torch.tensor([[-20.0, 20.0]]), targets).item() == pytest.approx(20)
    assert object_score_loss(torch.tensor([[-20.0, 20.0]]), targets, absent=3.0).item() == pytest.approx(40)


def test_decision_weighs_classes_and_ignores():
    logits = torch.zeros(3, 2)
    logits[1, 1] = 1.0
    # Weighted mean over the two that count, weights 1 and 2.
    wrong, right = math.log(2), math.log(1 + math.exp(-1.0))
    loss = decision_loss(logits, torch.tensor([0, 1, -1]))
    assert loss.item() == pytest.approx((1 * wrong + 2 * right) / 3)


def test_decision_with_nothing_to_learn_is_zero_and_differentiable():
    logits = torch.randn(2, 2, requires_grad=True)
    loss = decision_loss(logits, torch.tensor([-1, -1]))
    loss.backward()
    assert loss.item() == 0 and not logits.grad.any()
