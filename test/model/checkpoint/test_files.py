"""What the official training code and this library write loads; tensors and tokenizer are the file's own."""

import argparse
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer as Backend
from tokenizers import models
from transformers import PreTrainedTokenizerFast

from samwise import CheckpointError, SamwiseError, Session, load
from samwise.checkpoint import contents, read, read_model, save


@pytest.fixture
def saved(tmp_path, network, tokenizer):
    path = tmp_path / "model.safetensors"
    save(path, network, tokenizer)
    return path


@pytest.fixture
def words(tmp_path, tokenizer):
    """Folder of a tokenizer."""
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "tokenizer.json").write_text(tokenizer.to_json())
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}')
    return folder


def check_same(found, network):
    own, other = network.state_dict(), found.state_dict()
    assert found.config == network.config and not found.training and own.keys() == other.keys()
    for name, value in own.items():
        assert torch.equal(other[name], value), name


def test_round_trip_is_exact(saved, network):
    loaded, tokenizer = read(saved)
    check_same(loaded, network)
    assert tokenizer.unknown_words("the red zeppelin") == ("zeppelin",)


@pytest.mark.parametrize("old", [True, False])
def test_what_the_training_scripts_write_loads_bit_by_bit(write, trained, old):
    check_same(read_model(write(old=old))[0], trained)


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("entry", ["model", "state_dict", None])
def test_what_was_cut_down_loads_bit_by_bit(tmp_path, state, trained, old, entry):
    path = tmp_path / "final_model.pth"
    torch.save({entry: state} if entry else state, path, _use_new_zipfile_serialization=not old)
    check_same(read_model(path)[0], trained)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod."])
def test_prefixes_and_counters_are_no_obstacle(write, state, trained, prefix):
    counted = state | {"cmt_adapters.0.total_params": torch.zeros(1), "sam.total_ops": 3.0}
    check_same(read_model(write(model={prefix + n: v for n, v in counted.items()}))[0], trained)


@pytest.mark.parametrize("suffix", [".pt", ".bin", ".ckpt", "", ".safetensors"])
@pytest.mark.parametrize("old", [True, False])
def test_the_content_counts_and_not_the_suffix(write, trained, suffix, old):
    check_same(read_model(write(old=old, name=f"model{suffix}"))[0], trained)


@pytest.mark.parametrize("name", ["model.pth", "model"])
def test_one_of_ours_loads_under_any_name(saved, network, tmp_path, name):
    check_same(read_model(shutil.copy(saved, tmp_path / name))[0], network)


def test_the_official_state_dict_loads_from_safetensors(tmp_path, state, trained):
    save_file({n: v.contiguous() for n, v in state.items()}, tmp_path / "model.safetensors")
    check_same(read_model(tmp_path / "model.safetensors")[0], trained)


def test_half_the_precision_loads(write, state):
    network, _ = read_model(write(model={n: v.half() for n, v in state.items()}))
    assert torch.equal(network.memory.no_memory, state["sam.no_mem_embed"].half().float())


def test_an_untrained_cme_is_never_asked(write, words, segmenter):
    path = write(argparse.Namespace(use_cme_head=False))
    with pytest.warns(UserWarning, match="use_cme_head is off"):
        loaded = load(path, tokenizer=words)
    assert not loaded.cme_trained and segmenter.cme_trained
    # A stream of frames that the CME of a trained model is asked about.
    frames, asked = np.zeros((7, 48, 64, 3), np.uint8), []
    for model in (loaded, segmenter):
        session = Session(model)
        session.start("the red car")
        asked.append([session.step(frame).targets[0].decision is not None for frame in frames])
    assert asked == [[False] * 7, [False] * 5 + [True] * 2]


def test_a_contradiction_names_file_and_values(write):
    with pytest.raises(CheckpointError, match=r"official\.pth.*HSA = False, its tensors True"):
        read_model(write(argparse.Namespace(HSA=False)))


def test_what_was_trained_with_is_told(write):
    assert contents(write(argparse.Namespace(HSA=True, lr=1e-5))).trained_with == {"HSA": True, "lr": 1e-5}


def test_a_tokenizer_of_another_model_is_refused(tmp_path, network):
    # Padding is token 7 here; RoBERTa counts positions by its 1.
    backend = models.WordLevel({"<s>": 0, "car": 1, "<unk>": 3, "<pad>": 7}, unk_token="<unk>")
    other = PreTrainedTokenizerFast(tokenizer_object=Backend(backend), pad_token="<pad>", unk_token="<unk>")
    other.save_pretrained(tmp_path / "words")
    save(tmp_path / "model.safetensors", network, None)
    with pytest.raises(CheckpointError, match=r"4 ids, padding 7\) is not this model's \(roberta, 10 ids"):
        load(tmp_path / "model.safetensors", tokenizer=tmp_path / "words")


def test_without_a_tokenizer_the_way_to_embed_one_is_told(tmp_path, network, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    save(tmp_path / "model.safetensors", network, None)
    with pytest.raises(CheckpointError, match=r"hf download roberta-base.*samwise convert"):
        load(tmp_path / "model.safetensors")


@pytest.mark.parametrize("content", [[1], torch.zeros(2), {}, {"state_dict": {}, "epoch": 3}, {"model": []}])
def test_what_holds_no_state_dict_is_told(tmp_path, content):
    torch.save(content, tmp_path / "other.pth")
    with pytest.raises(CheckpointError, match=r"other\.pth.*state dict"):
        load(tmp_path / "other.pth")


def test_foreign_parameters_are_named(tmp_path):
    path = tmp_path / "resnet.pth"
    torch.save({"model": {"layer1.0.conv1.weight": torch.zeros(3)}}, path)
    with pytest.raises(CheckpointError, match=r"resnet\.pth.*layer1\.0\.conv1\.weight"):
        load(path)


@pytest.mark.parametrize("prefix", ["", "module."])
def test_sam_2_is_told_also_behind_a_prefix(tmp_path, prefix):
    names = ("image_encoder.trunk.pos_embed", "memory_attention.norm.weight")
    torch.save({"model": {prefix + name: torch.zeros(3) for name in names}}, tmp_path / "sam2.pt")
    with pytest.raises(CheckpointError, match=r"sam2\.pt.*it is SAM 2 alone"):
        load(tmp_path / "sam2.pt")


def test_foreign_safetensors(tmp_path):
    path = tmp_path / "other.safetensors"
    save_file({"x": torch.zeros(3)}, path)
    with pytest.raises(CheckpointError, match="not of SAMWISE"):
        load(path)


def test_what_torch_makes_of_a_network_of_ours_is_told(tmp_path, network):
    torch.save({"model": network.state_dict()}, tmp_path / "training.pt")
    with pytest.raises(CheckpointError, match="of this library without its configuration"):
        load(tmp_path / "training.pt")


def test_unknown_device_and_precision_are_named(saved):
    with pytest.raises(SamwiseError, match="'gpu7'"):
        load(saved, device="gpu7")
    with pytest.raises(SamwiseError, match="'int3'"):
        load(saved, precision="int3")
