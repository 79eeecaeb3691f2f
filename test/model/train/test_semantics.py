import pytest
import torch

from samwise.model import ClipFeatures
from samwise.train.semantics import EARLY, Semantics, balanced_cross_entropy


def features(length: int) -> ClipFeatures:
    """Of 2 videos with 3 sentences each; only the first sentence's features count."""
    torch.manual_seed(0)
    shapes = ((6, length, 4, 16, 16), (6, length, 8, 8, 8), (6, length, 32, 4, 4))
    return ClipFeatures(*(torch.randn(shape) for shape in shapes), torch.randn(6, length, 32), None, ())


def test_kinds_colours_and_motions_each_count_and_early_motions_do_not():
    clip, truth = features(4), torch.ones(2, 4, 3, 64, 64, dtype=torch.uint8)
    torch.manual_seed(1)
    heads = Semantics(32, motion=True).eval()
    loss = heads.loss(clip, truth)
    for channel in range(3):
        other = truth.clone()
        other[:, :, channel] = 2
        assert heads.loss(clip, other) != loss
    early = truth.clone()
    early[:, :EARLY, 2] = 2
    assert torch.equal(heads.loss(clip, early), loss)
    without = Semantics(32, motion=False).eval()
    without.load_state_dict({n: x for n, x in heads.state_dict().items() if not n.startswith("motion")})
    assert without.loss(clip, truth) < loss


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
