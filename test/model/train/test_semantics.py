from dataclasses import replace

import pytest
import torch

from samwise.model import ClipFeatures
from samwise.train.batch import Batch
from samwise.train.semantics import Movement, Semantics, balanced_cross_entropy, watch_attention
from samwise.train.stages import EARLY


def features(length: int) -> ClipFeatures:
    """Of 2 videos with 3 sentences each; only the first sentence's features count."""
    torch.manual_seed(0)
    shapes = ((6, length, 4, 16, 16), (6, length, 8, 8, 8), (6, length, 32, 4, 4))
    return ClipFeatures(*(torch.randn(shape) for shape in shapes), torch.randn(6, length, 32), None, ())


def truth(length: int) -> Batch:
    """2 videos with 3 sentences each, full of one thing that does not move."""
    frames, ids = torch.zeros(2, length, 3, 64, 64), torch.zeros(6, 5, dtype=torch.long)
    semantics = torch.ones(2, length, 3, 64, 64, dtype=torch.uint8)
    masks = torch.zeros(6, length, 64, 64, dtype=torch.bool)
    return Batch(frames, ids, ids.bool(), masks, semantics, torch.zeros(2, length, 2, 64, 64))


def attended(length: int) -> list[torch.Tensor]:
    """Of two adapters; the first has met no sentence yet."""
    torch.manual_seed(2)
    return [torch.randn(2, length, 8, 8, 16), torch.randn(6, length, 4, 4, 16)]


def test_kinds_and_colours_count_and_motions_do_not():
    clip, batch = features(5), truth(5)
    torch.manual_seed(1)
    heads = Semantics(32).eval()
    for channel, counts in enumerate((True, True, False)):
        other = batch.semantics.clone()
        other[:, :, channel] = 2
        changed = heads.loss(clip, replace(batch, semantics=other)) != heads.loss(clip, batch)
        assert changed == counts


def test_motions_and_ways_count_but_not_early_ones():
    said, batch = attended(5), truth(5)
    torch.manual_seed(1)
    heads = Movement(16, 2)
    found = heads.losses(said, batch)

    def changed(**other: torch.Tensor) -> set[str]:
        again = heads.losses(said, replace(batch, **other))
        return {name for name in found if found[name] != again[name]}

    for channel, losses in enumerate((set(), set(), {"motion"})):
        semantics = batch.semantics.clone()
        semantics[:, :, channel] = 2
        assert changed(semantics=semantics) == losses
    for direction in range(2):
        shifts = batch.shifts.clone()
        shifts[:, :, direction] = 20.0
        assert changed(shifts=shifts) == {"shift"}
    semantics, shifts = batch.semantics.clone(), batch.shifts.clone()
    semantics[:, :EARLY, 2], shifts[:, :EARLY] = 2, 20.0
    assert not changed(semantics=semantics, shifts=shifts)


def test_a_batch_without_truth_is_an_error():
    with pytest.raises(ValueError, match="no semantics"):
        Semantics(32).loss(features(5), replace(truth(5), semantics=None))
    with pytest.raises(ValueError, match="no semantics"):
        Movement(16, 2).losses(attended(5), replace(truth(5), shifts=None))


def test_movement_is_asked_of_every_attention_over_time():
    said = [x.requires_grad_() for x in attended(5)]
    torch.stack(list(Movement(16, 2).losses(said, truth(5)).values())).sum().backward()
    reached = [x.grad.abs().amax(dim=(2, 3, 4)) > 0 for x in said]
    # Of several sentences about a video the first one counts.
    assert reached[0][:, EARLY:].all() and not reached[0][:, :EARLY].any()
    assert reached[1][::3, EARLY:].all() and not reached[1][1::3].any() and not reached[1][2::3].any()


def test_attention_is_watched_while_it_is_asked_for_and_no_longer(learner, batch):
    def encode():
        learner.encode_clip(batch.frames, learner.encode_text(batch.ids, batch.padding), True)

    with watch_attention(learner.fusion) as said:
        encode()
    assert [x.shape[-1] for x in said] == [learner.config.adapter.width] * len(learner.fusion.adapters)
    encode()
    assert len(said) == len(learner.fusion.adapters)


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
