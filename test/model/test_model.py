"""A loaded model, whole and without parts of its adapters."""

import numpy as np
import pytest

from samwise import Model, Session, load
from samwise.checkpoint import save
from samwise.model import without_parts


@pytest.fixture
def path(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    return tmp_path / "model.safetensors"


def probability(model: Model) -> np.ndarray:
    frames = np.random.default_rng(0).integers(0, 256, (2, 48, 64, 3), dtype=np.uint8)
    session = Session(model)
    session.start("the red car")
    return [session.step(frame) for frame in frames][1].targets[0].probability


def test_a_loaded_model_runs_without_hsa(path):
    whole = load(path)
    without = without_parts(whole, hsa=False)
    assert not without.network.config.adapter.hsa and whole.network.config.adapter.hsa
    assert np.abs(probability(without) - probability(whole)).max() > 1e-5


def test_a_model_that_has_no_such_part_is_itself(path):
    without = without_parts(load(path), visual_to_text=False)
    assert without_parts(without, visual_to_text=False) is without


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_what_is_left_is_as_precise_as_it_was_and_not_shared(path, precision):
    whole = load(path, precision=precision)
    left = without_parts(whole, text_to_visual=False)
    state, before = left.network.state_dict(), whole.network.state_dict()
    assert {n: v.dtype for n, v in state.items()} == {n: before[n].dtype for n in state}
    assert probability(left).shape == (48, 64)
    shared = {v.data_ptr() for v in state.values() if v.numel()} & {v.data_ptr() for v in before.values()}
    assert not shared
