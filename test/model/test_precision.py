import copy

import numpy as np
import torch

from samwise import Session
from samwise.precision import reduce_products
from samwise.segmenter import Segmenter


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


def test_a_session_answers_nearly_the_same(network, tokenizer):
    reduced = copy.deepcopy(network)
    reduce_products(reduced, torch.bfloat16)
    frames = np.random.default_rng(0).integers(0, 256, (5, 48, 64, 3), dtype=np.uint8)
    probabilities = []
    for model, autocast in ((network, None), (reduced, torch.bfloat16)):
        session = Session(Segmenter(model, tokenizer, torch.device("cpu"), autocast), cme="always")
        session.start("the red car")
        steps = [session.step(frame).targets[0].probability for frame in frames]
        clip = [r.targets[0].probability for r in session.step_clip(list(frames[:2]))]
        probabilities.append(np.stack(steps + clip))
    assert np.isfinite(probabilities[1]).all()
    assert np.abs(probabilities[0] - probabilities[1]).max() < 0.05
