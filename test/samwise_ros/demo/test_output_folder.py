from pathlib import Path

import pytest

from samwise.shell.placing import OutputError
from samwise_ros.demo.output_folder import finish, prepare

PROOF = "summary.json"
NAMES = ("overlay.mp4", PROOF, "segmenter.log")


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "made_by.json"
    }


def run(folder: Path, text: str, *names: str) -> None:
    prepare(folder, NAMES, PROOF)
    for name in names:
        (folder / name).write_text(text)
    if PROOF in names:
        finish(folder)


def test_results_are_replaced_by_those_of_a_whole_run_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo_output"
    run(folder, "first", *NAMES)
    assert contents(folder) == {name: "first" for name in NAMES}
    kept = {f"previous/{name}": "first" for name in NAMES}
    for text in ("second", "third"):
        run(folder, text, "overlay.mp4", "segmenter.log")
        assert contents(folder) == kept | {"overlay.mp4": text, "segmenter.log": text}
    run(folder, "fourth", *NAMES)
    assert contents(folder) == {name: "fourth" for name in NAMES}


def test_a_folder_with_anything_else_in_it_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "overlay.mp4").write_text("holidays")
    with pytest.raises(OutputError, match=r"overlay\.mp4"):
        prepare(tmp_path, NAMES, PROOF)
    (tmp_path / "made_by.json").write_text('{"made_by": "samwise segment", "files": ["overlay.mp4"]}')
    with pytest.raises(OutputError, match=r"overlay\.mp4"):
        prepare(tmp_path, NAMES, PROOF)
    assert (tmp_path / "overlay.mp4").read_text() == "holidays"


def test_what_somebody_put_beside_the_results_is_named_and_kept(tmp_path: Path) -> None:
    run(tmp_path, "first", *NAMES)
    (tmp_path / "previous").mkdir()
    (tmp_path / "previous" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"previous/notes\.txt"):
        prepare(tmp_path, NAMES, PROOF)
    assert contents(tmp_path) == {name: "first" for name in NAMES} | {"previous/notes.txt": "mine"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match="out is a file"):
        prepare(tmp_path / "out", NAMES, PROOF)
    with pytest.raises(OutputError, match="cannot write to .*out"):
        prepare(tmp_path / "out" / "folder", NAMES, PROOF)
