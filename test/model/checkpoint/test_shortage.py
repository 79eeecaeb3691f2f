"""Too little memory is one line, and not a damaged file."""

import subprocess
import sys

import pytest
import torch

from samwise.checkpoint import save
from samwise.checkpoint.shortage import is_shortage, shortage_named
from samwise.errors import CheckpointError

pytestmark = pytest.mark.slow

LOAD = """
import resource, sys
from samwise.checkpoint.files import read_model
from samwise.errors import SamwiseError

pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (50 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    read_model(sys.argv[1])
except SamwiseError as error:
    print(error)
"""


@pytest.mark.parametrize("form", ["zip", "old", "ours"])
def test_a_model_that_does_not_fit_is_one_line(tmp_path, make_network, form):
    path = tmp_path / "large"
    if form == "ours":
        save(path, make_network(decoder_feed_forward=400_000), None)
    else:
        large = {"model": {"weight": torch.zeros(30 << 20)}}
        torch.save(large, path, _use_new_zipfile_serialization=form == "zip")
    done = subprocess.run([sys.executable, "-c", LOAD, str(path)], capture_output=True, text=True)
    assert "too little memory to load" in done.stdout and str(path) in done.stdout, done
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried ..."
        ),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB"),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_signs_of_a_shortage(tmp_path, error):
    assert is_shortage(error)
    (tmp_path / "model.pth").write_bytes(b"x")
    told = pytest.raises(CheckpointError, match=r"too little memory to load .*model\.pth")
    with told, shortage_named(tmp_path / "model.pth"):
        raise error


def test_other_errors_pass(tmp_path):
    with pytest.raises(RuntimeError, match="something else"), shortage_named(tmp_path):
        raise RuntimeError("something else")
