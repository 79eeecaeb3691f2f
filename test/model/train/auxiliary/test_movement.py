from dataclasses import replace

import torch

from samwise.train.auxiliary.movement import Movement, watch_attention
from samwise.train.recipe.stage import EARLY


def attended(length: int) -> list[torch.Tensor]:
    """Of two adapters; the first has met no sentence yet."""
    torch.manual_seed(2)
    return [torch.randn(2, length, 8, 8, 16), torch.randn(6, length, 4, 4, 16)]


def test_motions_and_ways_count_but_not_early_ones(labelled):
    said, batch = attended(5), labelled
    torch.manual_seed(1)
    heads = Movement(16, 2)
    found = heads.losses(None, batch, said)

    def changed(**other: torch.Tensor) -> set[str]:
        again = heads.losses(None, replace(batch, **other), said)
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


def test_movement_is_asked_of_every_attention_over_time(labelled):
    said = [x.requires_grad_() for x in attended(5)]
    torch.stack(list(Movement(16, 2).losses(None, labelled, said).values())).sum().backward()
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
