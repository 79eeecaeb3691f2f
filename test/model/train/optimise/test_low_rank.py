import pytest
import torch

from samwise.errors import ConfigurationError
from samwise.train.optimise.low_rank import add_low_rank, merge_low_rank
from samwise.train.optimise.parameters import select_trainable

TEXT = "fusion.text_encoder.*.query"


def output(model):
    ids = torch.tensor([[0, 4, 5, 6, 2]])
    text = model.encode_text(ids, torch.zeros_like(ids, dtype=torch.bool))
    generator = torch.Generator().manual_seed(0)
    frames = torch.randn(1, 2, 3, 64, 64, generator=generator)
    return model.encode_clip(frames, text).stride16


@torch.no_grad()
def test_a_fresh_update_changes_nothing_and_a_merged_one_stays(learner):
    learner.eval()
    names = set(learner.state_dict())
    before = output(learner)
    layers = add_low_rank(learner, [TEXT, "fusion.image_encoder.trunk.*"], rank=2, alpha=4.0)
    assert len(layers) > 4 and torch.allclose(output(learner), before, atol=1e-6)
    for name, parameter in learner.named_parameters():
        if name.endswith(".up"):
            parameter.normal_()
    updated = output(learner)
    assert not torch.allclose(updated, before, atol=1e-3)
    merge_low_rank(learner)
    assert set(learner.state_dict()) == names
    assert torch.allclose(output(learner), updated, atol=1e-4)


def test_the_update_is_of_that_rank_and_scale(learner):
    (name,) = add_low_rank(learner, ["fusion.text_encoder.*.0.*.query"], rank=3, alpha=6.0)
    layer = learner.get_submodule(name)
    update = layer.parametrizations.weight[0]
    torch.nn.init.normal_(update.up)
    difference = layer.weight - layer.parametrizations.weight.original
    assert torch.linalg.matrix_rank(difference) == 3
    assert torch.allclose(difference, 2 * update.up @ update.down, atol=1e-5)


def test_only_the_update_learns(learner):
    add_low_rank(learner, [TEXT], rank=2, alpha=2.0)
    trained = select_trainable(learner, ["*.parametrizations.*.down", "*.parametrizations.*.up"])
    assert {tuple(p.shape) for p in trained} == {(2, 16), (16, 2)}
    output(learner).square().mean().backward()
    for name, parameter in learner.named_parameters():
        assert (parameter.grad is not None) == (name.endswith((".down", ".up")) and "parametriz" in name)


def test_what_cannot_be(learner):
    with pytest.raises(ConfigurationError, match="no linear layer is called like 'nothing"):
        add_low_rank(learner, ["nothing*"], 2, 2.0)
    with pytest.raises(ConfigurationError, match="is 0; use 1 or more"):
        add_low_rank(learner, [TEXT], 0, 2.0)
