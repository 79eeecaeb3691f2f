import errno
import json
import os
from pathlib import Path

import pytest

from samwise.shell.placing import MANIFEST, OutputError, OutputFolder, beside, check_apart, output_file


def nothing_is_ours(path):
    return [path.name]


def all_is_ours(path):
    return []


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def write_result(place, text="new", **options):
    with OutputFolder(place, "samwise test", **options) as folder:
        (folder.path / "masks").mkdir()
        (folder.path / "masks" / "0.png").write_text(text)


def test_a_folder_appears_whole(tmp_path):
    place = tmp_path / "deep" / "out"
    with OutputFolder(place, "samwise test") as folder:
        (folder.path / "a.txt").write_text("a")
        assert not place.exists()
    assert files(place) == ["a.txt", MANIFEST]
    assert json.loads((place / MANIFEST).read_text())["made_by"] == "samwise test"
    assert [p.name for p in place.parent.iterdir()] == ["out"]


def test_an_exception_leaves_nothing_of_the_new_and_all_of_the_old(tmp_path):
    place = tmp_path / "out"
    write_result(place, "old")
    with pytest.raises(ZeroDivisionError), OutputFolder(place, "samwise test", overwrite=True) as folder:
        (folder.path / "b").write_text("b")
        raise ZeroDivisionError
    assert (place / "masks" / "0.png").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_was_done_can_be_kept(tmp_path):
    with pytest.raises(KeyboardInterrupt), OutputFolder(tmp_path / "out", "t") as folder:
        (folder.path / "half").write_text("h")
        folder.keep()
        raise KeyboardInterrupt
    assert files(tmp_path / "out") == ["half", MANIFEST]


def test_an_earlier_result_wants_to_be_overwritten(tmp_path):
    place = tmp_path / "out"
    write_result(place, "old")
    with pytest.raises(OutputError, match="--overwrite"):
        OutputFolder(place, "samwise test")
    write_result(place, "new", overwrite=True)
    assert (place / "masks" / "0.png").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", "masks/by_hand.png", ".hidden"])
def test_a_file_that_somebody_added_protects_the_folder(tmp_path, name):
    place = tmp_path / "out"
    write_result(place, "old")
    (place / name).write_text("mine")
    with pytest.raises(OutputError, match=name):
        OutputFolder(place, "samwise test", overwrite=True)
    assert (place / name).read_text() == "mine"


def test_a_file_added_while_the_new_result_is_made_protects_the_folder(tmp_path):
    place = tmp_path / "out"
    with pytest.raises(OutputError, match="notes.txt"), OutputFolder(place, "t", overwrite=True):
        place.mkdir()
        (place / "notes.txt").write_text("mine")
    assert files(place) == ["notes.txt"]
    assert (tmp_path / "out.partial" / MANIFEST).is_file(), "the result is whole and nothing else is lost"


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "out").mkdir()
    write_result(tmp_path / "out")
    assert files(tmp_path / "out") == [MANIFEST, "masks/0.png"]


def test_the_folder_that_somebody_stands_in_is_filled_and_stays(tmp_path, monkeypatch):
    place = tmp_path / "out"
    place.mkdir()
    monkeypatch.chdir(place)
    inode = place.stat().st_ino
    write_result(place, "old")
    write_result(place, "new", overwrite=True)
    assert (place / "masks" / "0.png").read_text() == "new"
    assert files(place) == [MANIFEST, "masks/0.png"]
    assert place.stat().st_ino == inode


@pytest.mark.parametrize("again", [False, True])
def test_a_link_to_a_folder_stays_a_link(tmp_path, again):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    write_result(tmp_path / "out", "old")
    if again:
        write_result(tmp_path / "out", "new", overwrite=True)
    assert (tmp_path / "out").is_symlink() and sorted(os.listdir(tmp_path)) == ["disk", "out"]
    assert (tmp_path / "disk" / "masks" / "0.png").read_text() == ("new" if again else "old")


@pytest.mark.parametrize("source", ["out", "out/masks", "out/masks/0.png", "link/masks"])
def test_what_is_read_does_not_go_away_with_what_is_replaced(tmp_path, source):
    write_result(tmp_path / "out")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with pytest.raises(OutputError, match="holds what is to be read"):
        check_apart(tmp_path / source, tmp_path / "out")
    check_apart(tmp_path, tmp_path / "out")
    check_apart(tmp_path / "outer", tmp_path / "out")


def test_a_result_of_another_command_is_not_replaced(tmp_path):
    write_result(tmp_path / "out", "old")
    with pytest.raises(OutputError, match=r"0\.png"):
        OutputFolder(tmp_path / "out", "samwise other", overwrite=True)


def test_a_file_added_to_a_folder_that_stays_is_not_lost(tmp_path, monkeypatch):
    place = tmp_path / "out"
    place.mkdir()
    monkeypatch.chdir(place)
    with pytest.raises(OutputError, match=r"notes\.txt"), OutputFolder(place, "samwise test") as folder:
        (folder.path / "a").write_text("new")
        (place / "notes.txt").write_text("mine")
    assert (place / "notes.txt").read_text() == "mine"
    assert (place / "partial" / "a").read_text() == "new"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        OutputFolder(tmp_path / "out", "t", overwrite=True)


def test_a_file_takes_its_place_when_it_is_whole(tmp_path):
    place = tmp_path / "report.json"
    with output_file(place, nothing_is_ours) as made:
        made.write_text("{}")
        assert not place.exists()
    assert place.read_text() == "{}"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_broken_off_file_leaves_the_old_one(tmp_path):
    place = tmp_path / "report.json"
    place.write_text("old")
    with pytest.raises(ZeroDivisionError), output_file(place, all_is_ours, overwrite=True) as made:
        made.write_text("half")
        raise ZeroDivisionError
    assert place.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_foreign_file_is_never_replaced(tmp_path):
    place = tmp_path / "thesis.json"
    place.write_text("mine")
    with (
        pytest.raises(OutputError, match=r"thesis\.json"),
        output_file(place, nothing_is_ours, overwrite=True),
    ):
        raise AssertionError("not reached")
    assert place.read_text() == "mine"


def test_an_earlier_file_wants_to_be_overwritten(tmp_path):
    place = tmp_path / "report.json"
    place.write_text("old")
    with pytest.raises(OutputError, match="--overwrite"), output_file(place, all_is_ours):
        raise AssertionError("not reached")


def test_a_link_stays_a_link(tmp_path):
    real = tmp_path / "disk" / "report.json"
    real.parent.mkdir()
    real.write_text("old")
    place = tmp_path / "report.json"
    place.symlink_to(real)
    with output_file(place, all_is_ours, overwrite=True) as made:
        made.write_text("new")
    assert place.is_symlink()
    assert real.read_text() == "new"


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"), output_file(tmp_path / "file" / "r", all_is_ours):
        raise AssertionError("not reached")
    with pytest.raises(OutputError, match="cannot write"):
        OutputFolder(tmp_path / "file" / "out", "t")


def test_a_way_out_gets_the_file_and_stays_whatever_the_writer_does(tmp_path):
    way_out = tmp_path / "pipe"
    os.mkfifo(way_out)
    reader = os.open(way_out, os.O_RDONLY | os.O_NONBLOCK)
    with output_file(way_out, nothing_is_ours) as made:
        # As safetensors writes: a new file takes the place of the old one.
        (tmp_path / "new").write_bytes(b"weights")
        (tmp_path / "new").replace(made)
    assert way_out.is_fifo() and os.read(reader, 100) == b"weights"
    os.close(reader)


def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    # Whoever runs the tests may be root, who may look everywhere.
    monkeypatch.setattr(Path, "stat", refuse)
    with (
        pytest.raises(OutputError, match="closed: Permission denied; choose another place"),
        output_file(tmp_path / "closed", nothing_is_ours),
    ):
        pass
    with pytest.raises(OutputError, match="closed: Permission denied; choose another place"):
        OutputFolder(tmp_path / "closed", "samwise test")


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "notes.txt").write_text("keep me")
    with (
        pytest.raises(OutputError, match="here is a folder"),
        output_file(tmp_path / "here", nothing_is_ours),
    ):
        pass


def test_a_name_beside_is_free_and_keeps_its_suffix(tmp_path):
    first = beside(tmp_path / "a.mcap")
    first.write_text("x")
    assert first.name == "a.partial.mcap"
    assert beside(tmp_path / "a.mcap").name == "a.partial-1.mcap"
