"""`samwise soak` on a short stream; how memory behaves on a long one is for a long run to say."""

import json

import pytest

from samwise.bench.soak.run import Sample
from samwise.checkpoint import save
from samwise.cli import main
from samwise.commands import soak as command

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


@pytest.mark.parametrize(("last", "judged"), [(5000, True), (2200, False)])
def test_stopping_by_hand_judges_what_there_is(checkpoint, capsys, monkeypatch, last, judged):
    def stopped(*_, every, **__):
        yield from (Sample(n, 500.0, 60.0) for n in range(every, last + 1, every))
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "soak", stopped)
    assert main(["soak", "--checkpoint", checkpoint, "--no-plot", "--video", "2"]) == 130
    said = capsys.readouterr()
    assert (f"{last} frames" in said.out) == judged
    assert "error" not in said.err and "samwise soak:" not in said.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--every", "0"], "--every: '0'"),
        (["--change-every", "-1"], "--change-every: '-1'"),
        (["--limit", "nan"], "--limit: 'nan'"),
        (["--frames", "2100"], "fewer than 3 samples"),
        (["--height", "20"], "'20' is not a whole number from 48"),
    ],
)
def test_an_option_out_of_range_is_a_message(checkpoint, capsys, options, message):
    assert main(["soak", "--checkpoint", checkpoint, "--no-plot", *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_the_picture_replaces_its_own_and_nothing_else(tmp_path, checkpoint, capsys):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "soak.png"
    command_line = ["soak", *SHORT, "--checkpoint", checkpoint, "--limit", "1e9", "--plot"]
    for _ in range(2):
        assert main([*command_line, str(picture)]) == 0
    assert picture.read_bytes()[:4] == b"\x89PNG"
    (tmp_path / "photo.png").write_bytes(b"mine")
    for place, named in (
        ("photo.png", "photo.png"),
        ("soak.pdf", "ends in .png"),
        ("none/a.png", "no folder"),
    ):
        assert main([*command_line, str(tmp_path / place)]) == 2
        assert named in capsys.readouterr().err
    assert (tmp_path / "photo.png").read_bytes() == b"mine"
