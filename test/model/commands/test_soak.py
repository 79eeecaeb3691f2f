"""`samwise soak` on a short stream; how memory behaves on a long one is for a long run to say."""

import json

import pytest

from samwise.checkpoint import save
from samwise.cli import main
from samwise.commands import soak as command
from samwise.soak.run import Sample

SHORT = [
    "--frames",
    "12",
    "--every",
    "2",
    "--warm-up",
    "4",
    "--video",
    "4",
    "--height",
    "48",
    "--width",
    "64",
]


@pytest.fixture
def checkpoint(tmp_path, network, tokenizer):
    save(tmp_path / "model.safetensors", network, tokenizer)
    return str(tmp_path / "model.safetensors")


def test_the_samples_are_written(tmp_path, checkpoint, capsys):
    out = tmp_path / "soak.json"
    options = ["--checkpoint", checkpoint, "--no-plot", "--limit", "1e9", "--change-every", "5"]
    assert main(["soak", *SHORT, *options, "--json", str(out)]) == 0
    written = json.loads(out.read_text())
    assert [s["frame"] for s in written["samples"]] == [2, 4, 6, 8, 10, 12]
    assert all(s["resident_mib"] > 50 for s in written["samples"]) and written["flat"] is True
    assert written["options"]["frames"] == 12 and "12 frames: " in capsys.readouterr().out


@pytest.mark.parametrize(("leak", "status", "verdict"), [(0.001, 0, "flat"), (0.01, 1, "GROWING")])
def test_the_status_tells_whether_memory_grows(checkpoint, capsys, monkeypatch, leak, status, verdict):
    def leaking(*_, every, **__):
        return (Sample(n, 500 + leak * n, 60.0) for n in range(every, 10001, every))

    monkeypatch.setattr(command, "soak", leaking)
    options = ["--checkpoint", checkpoint, "--no-plot", "--video", "2", "--limit", "5"]
    assert main(["soak", "--frames", "10000", *options]) == status
    assert verdict in capsys.readouterr().out


def test_stopping_by_hand_judges_what_there_is(checkpoint, capsys, monkeypatch):
    def stopped(*_, every, **__):
        yield from (Sample(n, 500.0, 60.0) for n in range(every, 5001, every))
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "soak", stopped)
    assert main(["soak", "--checkpoint", checkpoint, "--no-plot", "--video", "2"]) == 0
    assert "5000 frames" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--every", "0"], "--every is 0"),
        (["--change-every", "-1"], "--change-every is -1"),
        (["--frames", "2100"], "fewer than 3 samples"),
        (["--height", "20"], "20"),
    ],
)
def test_an_option_out_of_range_is_a_message(checkpoint, capsys, options, message):
    assert main(["soak", "--checkpoint", checkpoint, "--no-plot", *options]) == 2
    assert message in capsys.readouterr().err
