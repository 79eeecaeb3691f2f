"""`samwise bench` end to end; what it measures is tested under test/model/bench."""

import json

import pytest

from samwise.bench.report import WHOLE
from samwise.checkpoint import save
from samwise.cli import main

SHORT = ["--warm-up", "6", "--rounds", "2", "--height", "30", "--width", "40", "--sentence", "the red car"]


@pytest.fixture
def checkpoint(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    return str(tmp_path / "model.safetensors")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["causal", "clip"])
def test_table_and_json(tmp_path, checkpoint, capsys, mode):
    out = tmp_path / "bench.json"
    assert main(["bench", *SHORT, "--checkpoint", checkpoint, "--mode", mode, "--json", str(out)]) == 0
    printed, written = capsys.readouterr().out, json.loads(out.read_text())
    for row in (*written["rows"], written["sentence"]):
        assert f"| {row['name']}" in printed
    whole = written["rows"][-1]
    assert whole["name"] == WHOLE and whole["gflop"] > 0
    assert 0 < whole["ms"]["low"] <= whole["ms"]["median"] <= whole["ms"]["high"]
    assert written["mode"] == mode and written["frame"] == "40x30" and written["peak_mib"] > 50
    assert written["against"] is None
    assert (written["recording"] is None) == (mode == "clip") == ("a recording" not in printed)


def test_another_implementation_in_turns(tmp_path, checkpoint, capsys, monkeypatch):
    (tmp_path / "idle_code.py").write_text(
        "def make():\n"
        "    def frame(image):\n"
        "        assert image.shape == (30, 40, 3) and image.dtype == 'uint8'\n"
        "    return frame\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    out = tmp_path / "bench.json"
    options = ["--checkpoint", checkpoint, "--against", "idle_code:make", "--json", str(out)]
    assert main(["bench", *SHORT, *options]) == 0
    against = json.loads(out.read_text())["against"]
    assert 0 < against["ratio_of_medians"] < 1 and against["name"] == "idle_code:make"
    assert "idle_code:make: " in capsys.readouterr().out


def test_a_place_that_is_taken_is_found_before_the_work(tmp_path, checkpoint, capsys, monkeypatch):
    monkeypatch.setattr("samwise.commands.bench.bench", lambda *_, **__: pytest.fail("there is no place"))
    (tmp_path / "notes.json").write_text("mine")
    options = ["--checkpoint", checkpoint, "--json", str(tmp_path / "notes.json")]
    assert main(["bench", *SHORT, *options]) == 2
    assert "notes.json" in capsys.readouterr().err
    assert (tmp_path / "notes.json").read_text() == "mine"


def test_an_option_out_of_range_is_a_message(checkpoint, capsys):
    assert main(["bench", *SHORT, "--checkpoint", checkpoint, "--rounds", "0"]) == 2
    assert "--rounds: '0' is not a whole number from 1 to" in capsys.readouterr().err
