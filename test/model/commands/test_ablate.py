"""`samwise ablate` end to end, two steps a training."""

import json

import pytest
import yaml

from samwise import load
from samwise.ablate import runs
from samwise.checkpoint import save
from samwise.cli import main

pytestmark = pytest.mark.slow

NO_ADAPTERS = {"adapter": {"hsa": False, "visual_to_text": False, "text_to_visual": False}}
PLAN = {
    "seeds": [0, 1],
    "training": {
        "workers": 0,
        "frame_sizes": [[48, 64]],
        "validation": {"videos": 1, "frames": 1},
        "stages": [
            {
                "name": "images", "steps": 2, "trainable": ["prompts.*"],
                "data": {"clip_length": 1, "video_length": 1, "videos": 1},
                "optimiser": {"learning_rate": 1e-2}, "mode": {"memory": False},
            }
        ],
    },
    "evaluation": {"splits": ["absent"], "videos": 1, "frames": 2},
    "variants": {
        "bare": {"model": NO_ADAPTERS},
        "lora": {
            "model": NO_ADAPTERS,
            "low_rank": {"modules": ["fusion.text_encoder.*"], "rank": 2},
            "stages": {"images": {"trainable": ["*.down", "*.up"]}},
        },
    },
    "looks": {"always": {"of": "lora", "cme": "always"}, "untrained": {"hsa": False}},
}  # fmt: skip


@pytest.fixture
def command(tmp_path, network, tokenizer):
    pytest.importorskip("matplotlib")
    save(tmp_path / "initial.safetensors", network, tokenizer)
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(PLAN))
    out = tmp_path / "out"
    return out, [
        "ablate", str(tmp_path / "plan.yaml"), "--out", str(out), "--workers", "0",
        "--initial", str(tmp_path / "initial.safetensors"),
    ]  # fmt: skip


def test_trains_looks_and_goes_on(command, monkeypatch, capsys):
    out, words = command
    assert main([*words, "--only", "bare"]) == 0
    assert main(words) == 0
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert [(line["name"], line["seed"]) for line in lines] == [
        ("bare", 0), ("bare", 1), ("lora", 0), ("lora", 1), ("always", 0), ("always", 1), ("untrained", None),
    ]  # fmt: skip
    assert all(0 <= line["scores"]["absent"]["j_and_f"] <= 100 for line in lines)
    trained = {line["name"]: line.get("trained_parameters") for line in lines}
    assert trained["bare"] > 0 and trained["lora"] > 0 and trained["always"] is None
    # The updates are merged: an ordinary model, whose text encoder has changed.
    lora, bare = (load(out / name / "seed0/model.safetensors").network for name in ("lora", "bare"))
    name = "fusion.text_encoder.roberta.encoder.layer.0.attention.self.query.weight"
    assert not lora.get_parameter(name).equal(bare.get_parameter(name))
    table = (out / "table.md").read_text()
    assert "| bare |" in table and table in capsys.readouterr().out and (out / "plot.png").is_file()

    def fail(run):
        raise AssertionError("everything is done already")

    monkeypatch.setattr("samwise.commands.ablate.perform", fail)
    assert main(words) == 0


def test_a_wrong_name_is_a_message(command, capsys):
    assert main([*command[1], "--only", "nobody"]) == 2
    assert "'nobody'" in capsys.readouterr().err


def test_a_folder_of_something_else_is_refused(command, capsys):
    out, words = command
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    assert main(words) == 2
    assert "thesis.tex" in capsys.readouterr().err
    assert [entry.name for entry in out.iterdir()] == ["thesis.tex"]


def test_a_run_that_fails_does_not_take_the_others_with_it(command, monkeypatch, capsys):
    out, words = command
    trained = runs._train

    def train(run):
        if run.name == "lora" and run.seed == 1:
            raise RuntimeError("out of luck")
        return trained(run)

    monkeypatch.setattr(runs, "_train", train)
    assert main(words) == 1
    said = capsys.readouterr()
    assert "lora, seed 1, failed: RuntimeError: out of luck" in said.err
    assert "always, seed 1, failed: the training of 'lora', which it looks at, is not done" in said.err
    assert "2 of 7 runs are not in this table" in said.err
    assert "out of luck" in (out / "lora/seed1/run.log").read_text()
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert {(line["name"], line["seed"]) for line in lines} == {
        ("bare", 0), ("bare", 1), ("lora", 0), ("always", 0), ("untrained", None),
    }  # fmt: skip
