"""Nothing that a file asks for is ever run, and what it asked for is named."""

import argparse
import os
import pathlib
import pickle
import zipfile
from pathlib import Path

import pytest
import torch

from samwise import CheckpointError
from samwise.checkpoint.unpickling import unpickle

FORMS = pytest.mark.parametrize("old", [True, False], ids=["old", "zip"])


class Call:
    """Pickles as a call that unpickling makes."""

    def __init__(self, function, *arguments):
        self._call = function, arguments

    def __reduce__(self):
        return self._call


class Settings(argparse.Namespace):
    """Not the class that is let through."""


@pytest.fixture
def marker(tmp_path):
    """A folder that only the file's own code would make."""
    return tmp_path / "it_ran"


def saved(tmp_path, content, old, **options):
    path = tmp_path / "evil.pth"
    torch.save(content, path, _use_new_zipfile_serialization=not old, **options)
    return path


def packed_again(whole, again, changes=()):
    """The same zip, compressed, as other programs make it; with other contents for some of its files."""
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, dict(changes).get(Path(name).name, old.read(name)))


@FORMS
@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda call: call,
        lambda call: {"model": {"weight": torch.zeros(2)}, "args": argparse.Namespace(resume=call)},
        lambda call: {"model": {"weight": torch.zeros(2)}, "args": argparse.Namespace(a=[{"b": call}])},
    ],
    ids=["alone", "in args", "deep in args"],
)
def test_a_call_is_refused_by_name_and_never_made(tmp_path, marker, old, protocol, wrap):
    path = saved(tmp_path, wrap(Call(os.mkdir, str(marker))), old, pickle_protocol=protocol)
    with pytest.raises(CheckpointError, match=r"evil\.pth.*asks for posix\.mkdir.*nothing in it was run"):
        unpickle(path)
    assert not marker.exists()
    # The file is as dangerous as it looks.
    torch.load(path, weights_only=False)
    assert marker.exists()


@FORMS
@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Call(eval, "1"), "builtins.eval"),
        (Settings(lr=1), "Settings"),
        (pathlib.PurePosixPath("x"), "PurePosixPath"),
        (torch.nn.ReLU(), "ReLU"),
        # Python 2 had other names for these, and so have pickles of protocol 2.
        (range(3), "builtins.range"),
        (int, "builtins.int"),
    ],
)
def test_other_classes_are_refused_by_name(tmp_path, old, value, name):
    with pytest.raises(CheckpointError, match=f"asks for .*{name}"):
        unpickle(saved(tmp_path, {"args": argparse.Namespace(x=value)}, old))


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_somebody_put_into_a_zip_is_refused_by_name(tmp_path, marker, protocol):
    whole = saved(tmp_path, {"model": torch.zeros(2)}, old=False)
    evil = pickle.dumps(Call(os.mkdir, str(marker)), protocol)
    packed_again(whole, tmp_path / "again.pth", {"data.pkl": evil})
    with pytest.raises(CheckpointError, match=r"asks for posix\.mkdir.*nothing in it was run"):
        unpickle(tmp_path / "again.pth")
    assert not marker.exists()


def test_a_zip_that_was_unpacked_and_packed_again_has_its_values(tmp_path):
    weight = torch.zeros(500)
    whole = saved(tmp_path, {"model": weight}, old=False)
    packed_again(whole, tmp_path / "again.pth")
    assert torch.equal(unpickle(tmp_path / "again.pth")["model"], weight)


@FORMS
def test_a_set_in_a_file_that_is_cut_off_is_not_blamed(tmp_path, old):
    path = saved(tmp_path, {"args": argparse.Namespace(a={1}), "model": torch.rand(500)}, old)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(CheckpointError, match="cut off"):
        unpickle(path)


@pytest.mark.filterwarnings("error")
@FORMS
def test_a_protocol_that_can_be_read_is_not_spoken_of(tmp_path, old):
    path = saved(tmp_path, {"model": torch.ones(2)}, old, pickle_protocol=3)
    assert torch.equal(unpickle(path)["model"], torch.ones(2))


@FORMS
def test_plain_values_pass(tmp_path, old):
    args = argparse.Namespace(a=1, b=[0.5, None], c={"d": (True, "e")}, device=torch.device("cuda"))
    assert unpickle(saved(tmp_path, {"args": args}, old)) == {"args": args}


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_of_another_origin_is_refused_by_name(tmp_path, marker, protocol):
    path = tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps(Call(os.mkdir, str(marker)), protocol))
    with pytest.raises(CheckpointError, match=r"torch\.save did not write, which asks for posix\.mkdir"):
        unpickle(path)
    assert not marker.exists()


@FORMS
def test_a_protocol_without_a_safe_reader_is_told(tmp_path, old):
    with pytest.raises(CheckpointError, match="pickle protocol 4"):
        unpickle(saved(tmp_path, {"model": torch.zeros(2)}, old, pickle_protocol=4))


@FORMS
def test_a_cut_file_is_told_wherever_it_was_cut(tmp_path, old):
    path = saved(tmp_path, {"model": {"weight": torch.rand(500)}}, old)
    whole = path.read_bytes()
    for end in range(20, len(whole) - 1, len(whole) // 23):
        path.write_bytes(whole[:end])
        with pytest.raises(CheckpointError, match="cut off.*download it again"):
            unpickle(path)


def test_a_flipped_bit_in_a_zip_is_noticed(tmp_path):
    values = torch.rand(500)
    path = saved(tmp_path, {"model": values}, old=False)
    content = bytearray(path.read_bytes())
    content[content.index(values.numpy().tobytes()) + 700] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged.*Bad CRC"):
        unpickle(path)


def test_a_zip_without_checksums_passes(tmp_path):
    torch.serialization.set_crc32_options(False)
    try:
        path = saved(tmp_path, {"model": torch.ones(3)}, old=False)
    finally:
        torch.serialization.set_crc32_options(True)
    assert torch.equal(unpickle(path)["model"], torch.ones(3))
