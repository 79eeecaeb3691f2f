"""`samwise convert` writes a whole file or none, never over anything else, and keeps what is known."""

import os
import subprocess

import pytest
import torch
from safetensors.torch import load_file

from samwise.checkpoint import contents, own_format, save
from samwise.checkpoint.own_format import write
from samwise.cli import main

TRAINED_WITH = {"HSA": True, "lr": 1e-5, "dataset_file": "mevis"}


@pytest.fixture
def ours(tmp_path, network, tokenizer):
    """A file of ours that was converted from an official one."""
    write(tmp_path / "ours.safetensors", network, tokenizer, trained_with=TRAINED_WITH)
    return tmp_path / "ours.safetensors"


def convert(*words) -> int:
    return main(["convert", *map(str, words)])


def test_a_second_conversion_keeps_how_it_was_trained(ours, tmp_path):
    assert convert(ours, tmp_path / "half.safetensors", "--half") == 0
    assert contents(tmp_path / "half.safetensors").trained_with == TRAINED_WITH
    assert load_file(tmp_path / "half.safetensors")["memory.no_memory"].dtype is torch.float16


def test_only_an_earlier_result_is_replaced_and_only_if_asked(ours, tmp_path, capsys):
    output = tmp_path / "new.safetensors"
    assert convert(ours, output) == 0
    first = output.read_bytes()
    assert convert(ours, output) == 2 and "--overwrite" in capsys.readouterr().err
    assert convert(ours, output, "--half", "--overwrite") == 0
    assert len(output.read_bytes()) < len(first)


def test_what_is_something_else_stays(ours, tmp_path, capsys):
    notes = tmp_path / "notes.txt"
    notes.write_text("keep me")
    assert convert(ours, notes, "--overwrite") == 2 and "notes.txt" in capsys.readouterr().err
    assert notes.read_text() == "keep me"
    assert convert(ours, tmp_path, "--overwrite") == 2


def test_a_pipe_gets_the_file_and_stays(ours, tmp_path):
    # safetensors puts a new file in the place of what it is given: as root that was the end of /dev/null.
    os.mkfifo(tmp_path / "pipe")
    got = tmp_path / "got.safetensors"
    with got.open("wb") as file, subprocess.Popen(["cat", tmp_path / "pipe"], stdout=file):
        assert convert(ours, tmp_path / "pipe") == 0
    assert contents(got).trained_with == TRAINED_WITH
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_is_never_converted_onto_itself(ours, tmp_path, capsys):
    before = ours.read_bytes()
    (tmp_path / "link.safetensors").symlink_to(ours)
    for output in (ours, tmp_path / "link.safetensors"):
        assert convert(ours, output, "--half", "--overwrite") == 2
        assert "is the file to convert" in capsys.readouterr().err
    assert ours.read_bytes() == before


def test_a_default_tokenizer_that_is_not_here_is_said_and_is_not_success(
    network, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    save(tmp_path / "bare.safetensors", network, None)
    assert convert(tmp_path / "bare.safetensors", tmp_path / "new.safetensors") == 1
    assert "no tokenizer is in the file" in capsys.readouterr().err
    assert contents(tmp_path / "new.safetensors").tokenizer is None


def test_a_given_tokenizer_that_is_not_there_writes_nothing(ours, tmp_path, capsys):
    assert convert(ours, tmp_path / "new.safetensors", "--tokenizer", tmp_path / "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["ours.safetensors"]


def test_a_full_disk_leaves_nothing_behind(ours, tmp_path, capsys, monkeypatch):
    def fill(tensors, file, metadata):
        file.write_bytes(b"half of it")
        raise own_format.SafetensorError("Error while serializing: No space left on device (os error 28)")

    monkeypatch.setattr(own_format, "save_file", fill)
    assert convert(ours, tmp_path / "new.safetensors") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "new.safetensors: No space left on device;" in line
    assert [p.name for p in tmp_path.iterdir()] == ["ours.safetensors"]
