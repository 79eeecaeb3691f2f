"""Files of ours: written whole, recognised by their content, and told apart when they are damaged."""

import errno
import json

import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from samwise.checkpoint import is_ours, own_format, read, save
from samwise.errors import CheckpointError, SamwiseError


@pytest.fixture
def saved(tmp_path, network, tokenizer):
    path = tmp_path / "model.safetensors"
    save(path, network, tokenizer)
    return path


def rewrite(path, **changes) -> None:
    """Change the metadata of a file; None takes an entry out."""
    with safe_open(path, framework="pt") as opened:
        metadata = opened.metadata() | changes
    save_file(load_file(path), path, {name: value for name, value in metadata.items() if value is not None})


def config_with(path, **changes) -> str:
    with safe_open(path, framework="pt") as opened:
        return json.dumps(json.loads(opened.metadata()["config"]) | changes)


def refused(path) -> str:
    with pytest.raises(CheckpointError) as error:
        read(path)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_flipped_bit(saved):
    content = bytearray(saved.read_bytes())
    content[-5] ^= 1
    saved.write_bytes(content)
    assert "does not match its own hash" in refused(saved)


def test_truncated(saved):
    saved.write_bytes(saved.read_bytes()[:-1000])
    assert "damaged: cut off" in refused(saved)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "samwise-2"}, ["'samwise-2' of another version", "update samwise"]),
        ({"format": None, "config": None}, ["without its configuration"]),
        ({"config": "{"}, ["its configuration cannot be read"]),
        ({"config": "[]"}, ["its configuration cannot be read"]),
        ({"config": None}, ["its configuration cannot be read"]),
        ({"sha256": None}, ["does not match its own hash"]),
        ({"tokenizer": "{"}, ["the tokenizer in the checkpoint is damaged"]),
    ],
)
def test_damaged_metadata_are_told(saved, changes, told):
    rewrite(saved, **changes)
    message = refused(saved)
    assert all(part in message for part in told), message


@pytest.mark.parametrize(
    "changes",
    [
        {"image_size": -32},
        {"image_size": "large"},
        {"width": 33},
        {"hiera": []},
        {"adapter": {"hsa_patches": [0, 0, 0]}},
        {"hiera": {"stages": [1, 2]}},
        {"unheard_of": 1},
    ],
)
def test_sizes_of_no_sense_are_told(saved, changes):
    rewrite(saved, config=config_with(saved, **changes))
    assert str(saved) in refused(saved)


def test_unreadable_notes_about_training_are_no_obstacle(saved, network):
    rewrite(saved, trained_with="{")
    assert read(saved)[0].config == network.config


def test_files_of_ours_are_recognised_by_content(saved, tmp_path):
    saved.rename(tmp_path / "renamed.pth")
    save_file({"x": load_file(tmp_path / "renamed.pth")["memory.no_memory"]}, tmp_path / "other.safetensors")
    (tmp_path / "text.safetensors").write_text("hello")
    answers = [
        is_ours(tmp_path / n) for n in ("renamed.pth", "other.safetensors", "text.safetensors", "none")
    ]
    assert answers == [True, False, False, False]


def test_a_full_disk_leaves_what_was_there(saved, network, tokenizer, monkeypatch, tmp_path):
    before = saved.read_bytes()

    def fill(tensors, file, metadata):
        file.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(own_format, "save_file", fill)
    with pytest.raises(SamwiseError, match=r"model\.safetensors: No space left on device"):
        save(saved, network, tokenizer)
    assert saved.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == [saved.name]


def test_a_missing_parent_that_is_a_file_is_told(saved, network, tokenizer):
    with pytest.raises(SamwiseError, match="cannot write"):
        save(saved / "below.safetensors", network, tokenizer)
