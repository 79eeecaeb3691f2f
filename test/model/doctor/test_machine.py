"""Processor, memory and shared memory, of machines that are not this one."""

import os

import pytest

from samwise.doctor.finding import Level
from samwise.doctor.machine import compiler, has_bfloat16, memory, processor, shared_memory


@pytest.mark.parametrize(
    ("flags", "native"),
    [
        ("flags\t: fpu avx2 avx512_bf16", True),
        ("flags\t: fpu avx2 amx_bf16 amx_tile", True),
        ("Features\t: fp asimd bf16", True),
        ("flags\t: fpu avx2 avx512f", False),
        ("", False),
    ],
)
def test_bfloat16_is_native_where_the_processor_says_so(flags, native):
    assert has_bfloat16(flags) is native


def test_threads_that_are_asked_for_beyond_the_cores(monkeypatch):
    cores = len(os.sched_getaffinity(0))
    monkeypatch.setenv("OMP_NUM_THREADS", str(cores))
    assert [f.level for f in processor("model name\t: Robot")] == [Level.WELL, Level.WELL]
    monkeypatch.setenv("OMP_NUM_THREADS", str(10 * cores))
    cpu, asked = processor("model name\t: Robot")
    assert cpu.value.startswith("Robot, ") and asked.level is Level.COULD_BE_BETTER


def test_memory():
    (full,) = memory("MemTotal: 8000000 kB\nMemAvailable: 1000000 kB\n")
    assert full.level is Level.COULD_BE_BETTER and "7.6 GiB" in full.value
    (enough,) = memory("MemTotal: 8000000 kB\nMemAvailable: 7000000 kB\n")
    assert enough.level is Level.WELL
    assert [f.level for f in memory("")] == [Level.WELL]


def test_shared_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: (64 << 20, 0, 64 << 20))
    (small,) = shared_memory(tmp_path)
    assert small.level is Level.COULD_BE_BETTER and "--shm-size" in small.remedy
    monkeypatch.undo()
    (none,) = shared_memory(tmp_path / "none")
    assert "not there" in none.value


def test_the_compiler_that_cxx_names_or_the_first_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    assert compiler() is None
    (tmp_path / "g++").touch(mode=0o755)
    assert compiler() == str(tmp_path / "g++")
    monkeypatch.setenv("CXX", "nowhere")
    assert compiler() is None
