import json

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer as Backend
from tokenizers import models
from transformers import PreTrainedTokenizerFast

from samwise import CheckpointError, SamwiseError, load
from samwise.checkpoint import read, save
from samwise.checkpoint.filling import filled


@pytest.fixture
def saved(tmp_path, network, tokenizer):
    path = tmp_path / "model.safetensors"
    save(path, network, tokenizer)
    return path


def test_round_trip_is_exact(saved, network):
    loaded, tokenizer = read(saved)
    assert loaded.config == network.config and not loaded.training
    for name, value in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name
    assert tokenizer.unknown_words("the red zeppelin") == ("zeppelin",)


def test_a_tokenizer_of_another_model_is_refused(tmp_path, network):
    # Padding is token 7 here; RoBERTa counts positions by its 1.
    backend = models.WordLevel({"<s>": 0, "car": 1, "<unk>": 3, "<pad>": 7}, unk_token="<unk>")
    other = PreTrainedTokenizerFast(tokenizer_object=Backend(backend), pad_token="<pad>", unk_token="<unk>")
    other.save_pretrained(tmp_path / "words")
    save(tmp_path / "model.safetensors", network, None)
    with pytest.raises(CheckpointError, match=r"4 ids, padding 7\) is not this model's \(roberta, 10 ids"):
        load(tmp_path / "model.safetensors", tokenizer=tmp_path / "words")


def test_missing(tmp_path):
    with pytest.raises(CheckpointError, match=r"nothing\.safetensors"):
        load(tmp_path / "nothing.safetensors")


def test_truncated(saved):
    saved.write_bytes(saved.read_bytes()[:-1000])
    with pytest.raises(CheckpointError, match="damaged"):
        load(saved)


def test_flipped_bit(saved):
    content = bytearray(saved.read_bytes())
    content[-5] ^= 1
    saved.write_bytes(content)
    with pytest.raises(CheckpointError, match="hash"):
        load(saved)


def test_foreign_safetensors(tmp_path):
    path = tmp_path / "other.safetensors"
    save_file({"x": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError, match="something else"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 half a zip"])
def test_unreadable_official(tmp_path, content):
    path = tmp_path / "official.pth"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"official\.pth"):
        load(path)


def test_foreign_official(tmp_path):
    path = tmp_path / "resnet.pth"
    torch.save({"model": {"layer1.0.conv1.weight": torch.zeros(3)}}, path)
    with pytest.raises(CheckpointError, match=r"layer1\.0\.conv1\.weight"):
        load(path)


def test_pickled_code_is_not_run(tmp_path):
    path = tmp_path / "evil.pth"
    torch.save({"model": {"x": json.JSONDecoder}}, path)
    with pytest.raises(CheckpointError):
        load(path)


def test_missing_parameters_are_listed(network):
    state = network.state_dict()
    del state["memory.no_memory"]
    with pytest.raises(CheckpointError, match=r"1 missing \(memory\.no_memory\)"):
        filled(network.config, state)


def test_unknown_device_and_precision_are_named(saved):
    with pytest.raises(SamwiseError, match="'gpu7'"):
        load(saved, device="gpu7")
    with pytest.raises(SamwiseError, match="'int3'"):
        load(saved, precision="int3")
