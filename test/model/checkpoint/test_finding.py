"""Whatever stands in the place of a file is told for what it is."""

import os
from pathlib import Path

import pytest

from samwise import CheckpointError
from samwise.checkpoint.finding import find


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "final_model_mevis.pth").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    return tmp_path


def refused(path) -> str:
    with pytest.raises(CheckpointError) as error:
        find(path)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_is_found_from_here_from_home_and_in_the_package(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder))
    assert find("final_model_mevis.pth") == Path("final_model_mevis.pth")
    assert find("~/final_model_mevis.pth") == folder / "final_model_mevis.pth"
    assert find(None).name == "miniature.safetensors"


@pytest.mark.parametrize(
    "written",
    ["final_model_mevs.pth", "final_model_mevis.pht", "final_model_mevis.pth ", "final_model_mevis"],
)
def test_a_near_name_is_suggested(folder, written):
    told = refused(written)
    assert told.endswith("did you mean 'final_model_mevis.pth'?")
    assert repr(str(folder)) in told and repr(written) in told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nothing.safetensors", "check the path"),
        ("nowhere/model.pth", "no folder 'nowhere'"),
        ("final_model_mevis.pth/model", "is a file, not a folder"),
        ("https://drive.google.com/file/d/1Molt2", "'https://drive.google.com/file/d/1Molt2' is a URL"),
        ("$HOME/model.pth", "variables are not expanded"),
        ("", "is blank"),
        (" \t", "is blank"),
        ("a\0b", "cannot be a path"),
        ("n" * 300, "cannot be a path"),
        ("~nobody-of-this-name/model.pth", "cannot be a path"),
        ("empty", "a folder without checkpoints"),
        (".", "name the file in it: 'final_model_mevis.pth'"),
        ("/dev/zero", "is a pipe or a device"),
    ],
)
def test_what_is_no_file_is_told(path, told):
    assert told in refused(path)


def test_a_pipe_is_told_and_not_waited_for(folder):
    os.mkfifo(folder / "pipe")
    assert "is a pipe" in refused(folder / "pipe")


def test_links_that_lead_nowhere_are_told(folder):
    (folder / "gone.pth").symlink_to("/nowhere/model.pth")
    (folder / "circle").symlink_to("circle")
    assert "is a link to '/nowhere/model.pth'" in refused("gone.pth")
    assert "cannot be a path" in refused("circle")


def test_an_unpacked_checkpoint_is_told(folder):
    (folder / "archive/data").mkdir(parents=True)
    (folder / "archive/data.pkl").write_bytes(b"")
    assert "was unpacked like an archive" in refused("archive")


def test_a_folder_that_may_be_listed_and_not_entered_is_told(folder, monkeypatch):
    (folder / "empty" / "data.pkl").touch()
    enter = Path.stat

    def deny(path, **options):
        if path.parent.name == "empty":
            raise PermissionError(13, "Permission denied")
        return enter(path, **options)

    monkeypatch.setattr(Path, "stat", deny)
    assert "is a folder without checkpoints" in refused("empty")


def test_a_disk_that_fails_is_told():
    # Opens, and cannot be read: nothing lies at the address 0.
    assert "cannot be read (Input/output error)" in refused("/proc/self/mem")


def test_no_permission_is_told(folder, monkeypatch):
    # Whoever runs the tests may be allowed to read everything.
    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "no permission to read 'final_model_mevis.pth'" in refused("final_model_mevis.pth")
    monkeypatch.setattr(Path, "stat", deny)
    assert "no permission to enter the folder" in refused("final_model_mevis.pth")
