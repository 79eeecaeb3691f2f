"""What the command refuses before it starts anything, and how it ends."""

from pathlib import Path

import pytest

from samwise_ros.demo import run
from samwise_ros.demo.run import main


@pytest.mark.parametrize(
    "words",
    [
        ["--patience", "0"], ["--patience", "nan"], ["--device", "meta"], ["--precision", "int8"],
        ["--video", "clip.mp4", "--sentence", "!!!"], ["--video", "clip.mp4"], ["--output", ""],
    ],
)  # fmt: skip
def test_values_from_outside_are_refused(tmp_path: Path, monkeypatch, capsys, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2 and words[-2 if len(words) == 2 else -1] in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_refused(tmp_path: Path, capsys) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["--output", str(tmp_path)]) == 1
    assert "notes.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_recording_among_the_results_of_an_earlier_run_is_not_replaced(tmp_path: Path, capsys) -> None:
    (tmp_path / "output.mcap").write_bytes(b"recorded")
    (tmp_path / "made_by.json").write_text(
        '{"made_by": "samwise_ros demo", "files": ["output.mcap", "made_by.json"]}'
    )
    assert main(["--bag", str(tmp_path / "output.mcap"), "--output", str(tmp_path)]) == 1
    assert "choose another --output" in capsys.readouterr().err
    assert (tmp_path / "output.mcap").read_bytes() == b"recorded"


def test_a_recording_that_could_not_be_played_completely_is_no_success(monkeypatch, tmp_path):
    summary = {"masks_out": 3, "all_played": False}
    monkeypatch.setattr(run, "run_demo", lambda args: summary)
    monkeypatch.setattr(run, "_print_summary", lambda summary, output: None)
    assert run.main(["--output", str(tmp_path)]) == 1
    summary["all_played"] = True
    assert run.main(["--output", str(tmp_path)]) == 0
