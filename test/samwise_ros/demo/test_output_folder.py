from pathlib import Path

import pytest

from samwise.shell.placing import OutputError
from samwise_ros.demo.output_folder import prepare

NAMES = ("overlay.mp4", "summary.json")


def test_what_an_earlier_run_left_goes_and_everything_else_stays(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo_output"
    prepare(folder, NAMES)
    (folder / "overlay.mp4").write_text("old")
    (folder / "notes.txt").write_text("mine")
    prepare(folder, NAMES)
    assert sorted(path.name for path in folder.iterdir()) == ["made_by.json", "notes.txt"]


def test_somebody_elses_file_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / "overlay.mp4").write_text("holidays")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds overlay\.mp4, which no earlier demo"):
        prepare(tmp_path, NAMES)
    assert (tmp_path / "overlay.mp4").read_text() == "holidays"
    (tmp_path / "made_by.json").write_text('{"made_by": "samwise segment", "files": ["overlay.mp4"]}')
    with pytest.raises(OutputError, match=r"overlay\.mp4"):
        prepare(tmp_path, NAMES)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match="cannot write to .*out"):
        prepare(tmp_path / "out", NAMES)
