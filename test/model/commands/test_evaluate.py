"""`samwise evaluate` end to end, with a network that knows nothing."""

import json

import cv2
import pytest

from samwise.checkpoint import save
from samwise.cli import main

SCORES = {"j_and_f", "j", "f", "absent_accuracy", "switch_precision", "switch_recall"}
QUICK = ["--videos", "1", "--frames", "6", "--workers", "0"]


@pytest.fixture
def checkpoint(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    return ["--checkpoint", str(tmp_path / "model.safetensors")]


def test_table_json_and_sheets(tmp_path, checkpoint, capsys):
    out, sheets = tmp_path / "scores.json", tmp_path / "sheets"
    options = ["--split", "late", "absent", "--cme", "always", "--json", str(out), "--sheets", str(sheets)]
    assert main(["evaluate", *checkpoint, *QUICK, *options]) == 0
    printed = capsys.readouterr().out
    assert "| late " in printed and "| absent " in printed and "| motion" not in printed.split("\n\n")[0]
    values = json.loads(out.read_text())
    assert list(values) == ["late", "absent", "families", "settings"]
    for split in ("late", "absent"):
        assert values[split].keys() >= SCORES and values[split]["videos"] == 1
        low, high = values[split]["j_and_f_interval"]
        assert 0 <= low <= values[split]["j_and_f"] <= high <= 100
        assert values[split]["switches"] == 5 * values[split]["sentences"]
        assert cv2.imread(str(sheets / f"{split}.png")) is not None
    assert values["settings"]["cme"] == "always" and values["settings"]["seed"] == 0


def test_another_seed_is_other_videos_and_the_same_seed_the_same(tmp_path, checkpoint):
    found = []
    for seed in ("0", "0", "1"):
        out = tmp_path / "scores.json"
        main(["evaluate", *checkpoint, *QUICK, "--split", "appearance", "--seed", seed, "--json", str(out)])
        found.append(json.loads(out.read_text())["appearance"])
    assert found[0] == found[1] and found[0] != found[2]


@pytest.mark.parametrize("option", [["--no-hsa"], ["--mode", "clip"]])
def test_the_model_can_be_run_otherwise(tmp_path, checkpoint, option):
    found = []
    for options in ([], option):
        out = tmp_path / "scores.json"
        main(["evaluate", *checkpoint, *QUICK, "--split", "motion", *options, "--json", str(out)])
        found.append(json.loads(out.read_text())["motion"])
    assert found[0]["j_and_f"] != found[1]["j_and_f"]


@pytest.mark.parametrize(
    "options", [["--cme", "sometimes"], ["--videos", "0"], ["--seed", "-1"], ["--frames", "0"]]
)
def test_options_out_of_range_are_a_message(checkpoint, options, capsys):
    assert main(["evaluate", *checkpoint, *QUICK, *options]) == 2
    assert options[1] in capsys.readouterr().err
