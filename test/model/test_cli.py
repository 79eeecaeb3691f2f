import argparse
import json
import warnings

import pytest
import torch
from published_keys import published_state

from samwise import load
from samwise.checkpoint import contents, save
from samwise.cli import main

pytestmark = pytest.mark.slow


def test_no_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as error:
        main([])
    assert error.value.code == 2 and "info" in capsys.readouterr().err


def test_info_prints_sizes_and_hash(tmp_path, network, tokenizer, capsys):
    save(tmp_path / "model.safetensors", network, tokenizer)
    assert main(["info", str(tmp_path / "model.safetensors")]) == 0
    out = capsys.readouterr().out
    assert "image_size: 64" in out and "tokenizer: embedded" in out and "sha256: " in out


def test_a_missing_file_is_a_message_not_a_traceback(capsys):
    assert main(["info", "nothing.safetensors"]) == 2
    assert "nothing.safetensors" in capsys.readouterr().err


def test_a_warning_is_one_line(monkeypatch, capsys):
    def run(args):
        warnings.warn("the weights are old", stacklevel=1)
        return 0

    monkeypatch.setattr("samwise.commands.info.run", run)
    assert main(["info"]) == 0
    assert capsys.readouterr().err == "warning: the weights are old\n"


def test_convert_carries_every_value_over(tmp_path, tokenizer):
    state = published_state("_tiny", device="cpu")
    state["cmt_adapters.1.hsa.linear.weight"].fill_(0.25)
    state["sam.maskmem_tpos_enc"].fill_(0.5)
    args = argparse.Namespace(HSA=True, use_cme_head=True, sam2_version="tiny", num_frames=8, max_size=1024)
    content = {"model": state, "optimizer": {}, "lr_scheduler": {}, "epoch": 1, "args": args}
    torch.save(content, tmp_path / "official.pth", _use_new_zipfile_serialization=False)
    words = tmp_path / "words"
    words.mkdir()
    (words / "tokenizer.json").write_text(tokenizer.to_json())
    (words / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}))
    output = tmp_path / "samwise.safetensors"
    assert main(["convert", str(tmp_path / "official.pth"), str(output), "--tokenizer", str(words)]) == 0
    assert contents(output).trained_with == vars(args)
    loaded = load(output)
    assert (loaded.network.fusion.adapters[1].hsa.linear.weight == 0.25).all()
    assert (loaded.network.memory.temporal_code == 0.5).all()
    assert loaded.unknown_words("the red zeppelin") == ("zeppelin",)


def test_convert_halves_one_of_ours(tmp_path, network, tokenizer):
    whole, half = tmp_path / "whole.safetensors", tmp_path / "half.safetensors"
    save(whole, network, tokenizer)
    assert main(["convert", str(whole), str(half), "--half"]) == 0
    assert half.stat().st_size < 0.6 * whole.stat().st_size
    loaded = load(half)
    assert loaded.unknown_words("the red zeppelin") == ("zeppelin",)
    for name, value in network.state_dict().items():
        other = loaded.network.state_dict()[name]
        assert other.dtype == value.dtype
        torch.testing.assert_close(other, value, atol=1e-3, rtol=1e-3)
