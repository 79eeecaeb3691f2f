"""Every name of the published state dicts finds its place, whatever the size and the options."""

import pytest
import torch
from published_keys import published_state

from samwise.checkpoint.official import configuration, convert
from samwise.config import ModelConfig
from samwise.errors import CheckpointError
from samwise.network.samwise import Samwise

pytestmark = pytest.mark.slow

PRETRAINING_LACKS = ("sam.no_obj_ptr", "sam.sam_mask_decoder.obj_score_token", "pred_obj_score_head")


def model_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    state = Samwise(config).state_dict()
    return {n: tuple(v.shape) for n, v in state.items() if not n.endswith("num_batches_tracked")}


def check(state: dict[str, torch.Tensor]) -> ModelConfig:
    converted = convert(state)
    config = configuration(converted)
    assert {n: tuple(v.shape) for n, v in converted.items()} == model_shapes(config)
    return config


@pytest.mark.parametrize(("size", "width"), [("", 112), ("_tiny", 96), ("_large", 144)])
def test_all_sizes(size, width):
    config = check(published_state(size))
    assert config.hiera.embed_dim == width and config.adapter.hsa and config.object_score


def test_distributed_prefix():
    check({"module." + name: value for name, value in published_state("_tiny").items()})


def test_without_hsa_and_object_score():
    hsa = ("spatial_pos_embed", ".hsa.", "norm_pre_HSA")
    state = {n: v for n, v in published_state("_tiny").items() if not any(part in n for part in hsa)}
    assert not check(state).adapter.hsa
    state = {n: v for n, v in state.items() if not any(part in n for part in PRETRAINING_LACKS)}
    assert not check(state).object_score


def test_motion_prompt():
    state = published_state("_tiny")
    for name, value in list(state.items()):
        if "project_text" in name:
            state[name.replace("project_text", "project_motion_prompts")] = value
    assert check(state).motion_prompt


def test_foreign_names_are_listed():
    state = published_state("_tiny") | {"sam.image_decoder.weight": torch.empty(1), "fc.bias": torch.empty(1)}
    with pytest.raises(CheckpointError, match=r"2 parameters.*sam\.image_decoder\.weight, fc\.bias"):
        convert(state)


@pytest.mark.parametrize("name", ["text_encoder.clip.embeddings.token_embedding.weight", "text_encoder.a.b"])
def test_another_text_encoder_than_roberta_is_refused(name):
    with pytest.raises(CheckpointError, match=rf"not RoBERTa's \({name}.*no rule"):
        convert(published_state("_tiny") | {name: torch.empty(1)})


def test_no_published_size():
    state = convert(published_state("_tiny"))
    with pytest.raises(CheckpointError, match="0 blocks"):
        configuration({n: v for n, v in state.items() if "trunk.blocks" not in n})
