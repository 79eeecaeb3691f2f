import copy

import numpy as np
import pytest
import torch
from torch import nn

from samwise import Session
from samwise.model import Model
from samwise.network.layers.precision import as_held, reduce_products


def test_products_are_reduced_and_nothing_else(network):
    reduced = copy.deepcopy(network)
    reduce_products(reduced, torch.bfloat16)
    parts = dict(reduced.named_parameters())
    for name in (
        "memory.attention.layers.0.linear1.weight",
        "fusion.adapters.0.hsa.attention.in_proj_weight",
    ):
        assert parts[name].dtype == torch.bfloat16
    for name in ("memory.attention.layers.0.norm1.weight", "memory.temporal_code"):
        assert parts[name].dtype == torch.float32
    assert all(b.dtype != torch.bfloat16 for b in reduced.buffers())


@pytest.mark.parametrize("everything", [True, False], ids=["autocast", "blocks_only"])
def test_a_session_answers_nearly_the_same(network, tokenizer, everything):
    reduced = copy.deepcopy(network)
    blocks = (reduced.fusion.image_encoder.trunk.blocks, reduced.memory.attention)
    for part in (reduced,) if everything else blocks:
        reduce_products(part, torch.bfloat16)
    frames = np.random.default_rng(0).integers(0, 256, (5, 48, 64, 3), dtype=np.uint8)
    probabilities = []
    for model, autocast in ((network, None), (reduced, torch.bfloat16 if everything else None)):
        session = Session(Model(model, tokenizer, torch.device("cpu"), autocast), cme="always")
        session.start("the red car")
        steps = [session.step(frame).targets[0].probability for frame in frames]
        session.reset()
        clip = [r.targets[0].probability for r in session.step_clip(list(frames[:2]))]
        probabilities.append(np.stack(steps + clip))
    assert np.isfinite(probabilities[1]).all()
    assert 0 < np.abs(probabilities[0] - probabilities[1]).max() < 0.05


def test_products_are_computed_as_their_weights_are_held():
    layer, x = nn.Linear(2, 2), torch.randn(3, 2)
    with as_held(layer.weight):
        assert layer(x).dtype == torch.float32
    layer.bfloat16()
    with as_held(layer.weight):
        assert layer(x).dtype == torch.bfloat16


def test_the_residual_sums_of_hiera_stay_in_full_precision(network):
    image = copy.deepcopy(network).fusion.image_encoder
    reduce_products(image.trunk.blocks, torch.bfloat16)
    with torch.inference_mode():
        x = image.embed(torch.randn(1, 3, 64, 64))
        for stage in range(4):
            x = image.stage(stage, x)
            assert x.dtype == torch.float32
