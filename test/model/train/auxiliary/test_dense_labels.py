import pytest
import torch

from samwise.train.auxiliary.dense_labels import at_places, balanced_cross_entropy, known


def test_labels_are_read_where_features_are_centred():
    rows = torch.arange(64).view(1, 1, 1, 64, 1).expand(2, 3, 1, 64, 64)
    found = at_places(rows, torch.zeros(6, 5, 8, 8))
    assert found.shape == (6, 1, 8, 8) and found[0, 0, :, 0].tolist() == list(range(4, 64, 8))


def test_labels_that_nobody_gave_are_an_error():
    with pytest.raises(ValueError, match="no semantics"):
        known(None)


def test_a_small_object_weighs_as_much_as_the_background():
    logits = torch.zeros(1, 3, 10, 10)
    truth = torch.zeros(1, 10, 10, dtype=torch.long)
    truth[0, 0, 0] = 2
    logits[0, 0] = 5.0  # everything is called background
    wrong, right = torch.log_softmax(logits[0, :, 0, 0], 0)[[2, 0]].neg().tolist()
    assert balanced_cross_entropy(logits, truth).item() == pytest.approx((wrong + right) / 2)


def test_pictures_without_objects_have_a_loss():
    logits = torch.zeros(1, 4, 2, 2)
    found = balanced_cross_entropy(logits, torch.zeros(1, 2, 2, dtype=torch.long))
    assert found.item() == pytest.approx(torch.log(torch.tensor(4.0)).item() / 2)
