from dataclasses import fields

import torch

from samwise.train.auxiliary.heads import KINDS, Heads
from samwise.train.recipe.loss_weights import LossWeights

ALL = {"semantics": 1.0, "shift": 2.0, "motion": 0.5}


def told(model, batch, **weights):
    heads = Heads(model, LossWeights(**weights), seed=3).eval()
    with heads.watching(model) as seen:
        clip = model.encode_clip(batch.frames, model.encode_text(batch.ids, batch.padding), True)
    return heads.losses(clip, batch, seen)


def test_every_loss_of_a_head_has_a_weight_and_one_head():
    names = [name for kind in KINDS for name in kind.LOSSES]
    assert len(set(names)) == len(names) and set(names) <= {f.name for f in fields(LossWeights)}
    assert len({kind.NAME for kind in KINDS}) == len(KINDS)


def test_only_heads_with_a_weight_are_there(learner):
    def there(**weights):
        return list(Heads(learner, LossWeights(**weights), seed=0))

    assert there() == [] and there(semantics=1.0) == ["semantics"]
    assert there(motion=0.1) == ["movement"] and there(**ALL) == ["semantics", "movement"]


def test_losses_are_weighted(learner, batch):
    learner.eval()
    with torch.no_grad():
        once, twice = told(learner, batch, **ALL), told(learner, batch, **{n: 2 * w for n, w in ALL.items()})
    assert list(once) == list(ALL)
    assert all(torch.isclose(twice[name], 2 * value) for name, value in once.items())


def test_a_head_is_the_same_whatever_stands_beside_it(learner):
    alone = Heads(learner, LossWeights(shift=1.0), seed=3).state_dict()
    beside = Heads(learner, LossWeights(**ALL), seed=3).state_dict()
    assert alone and all(torch.equal(value, beside[name]) for name, value in alone.items())
