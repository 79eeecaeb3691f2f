"""`samwise info` tells what is in a file, and how the model was trained where the file knows."""

import yaml

from samwise.checkpoint.own_format import write
from samwise.cli import main


def test_how_it_was_trained_is_shown(tmp_path, network, tokenizer, capsys):
    trained_with = {"HSA": True, "lr": 1e-5, "fusion_stages": [1, 2, 3], "dataset_file": "mevis"}
    write(tmp_path / "model.safetensors", network, tokenizer, trained_with=trained_with)
    assert main(["info", str(tmp_path / "model.safetensors")]) == 0
    out, err = capsys.readouterr()
    assert yaml.safe_load(out)["trained_with"] == trained_with and not err


def test_what_has_to_be_known_goes_to_stderr(tmp_path, network, tokenizer, capsys):
    write(tmp_path / "model.safetensors", network, tokenizer, trained_with={"use_cme_head": False})
    assert main(["info", str(tmp_path / "model.safetensors")]) == 0
    assert "use_cme_head is off" in capsys.readouterr().err


def test_the_miniature_is_shown_as_well(capsys):
    assert main(["info"]) == 0
    assert "trained_with" not in yaml.safe_load(capsys.readouterr().out)
