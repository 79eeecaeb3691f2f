"""The first bytes say what a file is, whatever its name."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile

import pytest
import torch
from safetensors.torch import save

from samwise import CheckpointError
from samwise.checkpoint.diagnosis import Kind, kind_of
from samwise.checkpoint.own_format import read_tensors

WEIGHTS = {"weight": torch.ones(40)}


def torch_file(**options) -> bytes:
    content = io.BytesIO()
    torch.save(WEIGHTS, content, **options)
    return content.getvalue()


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, value in members.items():
            archive.writestr(name, value)
    return content.getvalue()


def tarred() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("final_model.pth"))
    return content.getvalue()


@pytest.mark.parametrize("name", ["model.pth", "model.safetensors", "model"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (torch_file(), Kind.ZIP),
        (torch_file(_use_new_zipfile_serialization=False), Kind.PICKLE),
        (torch_file(_use_new_zipfile_serialization=False, pickle_protocol=4), Kind.PICKLE),
        (save(WEIGHTS), Kind.SAFETENSORS),
    ],
)
def test_weights_are_recognised(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    assert kind_of(tmp_path / name) is kind


PAGE = "<!DOCTYPE html><html><head><title>Google Drive - {}</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (bytes(9000), "nothing but zeros"),
        (PAGE.format("Quota exceeded", "Too many users").encode(), "Quota exceeded'.*try again tomorrow"),
        (PAGE.format("Virus scan warning", "").encode(), "Virus scan warning'.*gdown --fuzzy LINK"),
        (b"\n  <HTML><body>404</body></HTML>", "is a web page, served instead of the file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 8\n", "git lfs pull"),
        (gzip.compress(b"x"), r"gzip archive; unpack it \(gunzip"),
        (bz2.compress(b"x"), "bzip2 archive"),
        (lzma.compress(b"x"), "xz archive"),
        (tarred(), "tar archive; unpack it"),
        (
            zipped(**{"readme.txt": b"", "a/final_model.pth": b""}),
            "unzip.*'a/final_model.pth' from it",
        ),
        (zipped(**{"readme.txt": b""}), "zip archive without a checkpoint.*readme.txt"),
        (zipped(**{"m/data.pkl": b"", "m/code/m.py": b"", "m/constants.pkl": b""}), "TorchScript archive"),
        (b"PK\x03\x04 half a zip", "cut off or damaged: its 15 bytes"),
        (torch_file()[:-200], "cut off or damaged"),
        (save(WEIGHTS)[:-7], r"damaged: cut off after \d+ bytes of \d+"),
        (save(WEIGHTS)[:30], "damaged: cut off after 30 bytes"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b'{"error": {"code": 403}}', "but text.*403"),
        ("überhaupt kein Modell".encode(), "but text"),
        (bytes(range(128, 200)), "begin with 80 81 82"),
    ],
)
def test_other_content_is_told(tmp_path, content, told):
    file = tmp_path / "model.pth"
    file.write_bytes(content)
    with pytest.raises(CheckpointError, match=rf"model\.pth' .*{told}") as error:
        kind_of(file)
    assert "\n" not in str(error.value)


def test_a_header_nested_without_end_is_left_to_the_library(tmp_path):
    file = tmp_path / "model.safetensors"
    file.write_bytes(struct.pack("<Q", 5 * 10**5) + b'{"a":' * 10**5)
    assert kind_of(file) is Kind.SAFETENSORS
    with pytest.raises(CheckpointError, match="damaged"):
        read_tensors(file)
