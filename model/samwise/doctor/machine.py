"""Processor, memory, shared memory and compilers."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from samwise.doctor.finding import Finding, Level

#: Bytes. Images of several processes pass through it.
SHARED_MEMORY = 128 << 20
#: Bytes: the published model in float32 takes 0.85 GB, twice that while it is loaded, and torch itself.
MEMORY = 4 << 30
#: Flags of a processor that multiplies bfloat16 without a detour: of Intel and AMD, and of ARM.
BFLOAT16_FLAGS = frozenset({"amx_bf16", "avx512_bf16", "bf16"})
COMPILERS = ("c++", "g++", "clang++")


def processor(information: str | None = None) -> Iterable[Finding]:
    """The processor.

    Args:
        information: as Linux gives it in /proc/cpuinfo; None: this machine's.
    """
    text = _read(Path("/proc/cpuinfo")) if information is None else information
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    cores = len(os.sched_getaffinity(0))
    native = "bfloat16 native" if has_bfloat16(text) else "no native bfloat16: float32 is faster here"
    yield Finding(
        "processor",
        f"{model[1].strip() if model else platform.machine()}, {cores} core{'' if cores == 1 else 's'} "
        f"to use, {native}",
    )
    if asked := os.environ.get("OMP_NUM_THREADS"):
        yield Finding(
            "OMP_NUM_THREADS",
            f"{asked}, which torch computes with unless told otherwise",
            Level.WELL if asked.isdigit() and 1 <= int(asked) <= cores else Level.COULD_BE_BETTER,
            f"unset it, or set it to 1 to {cores}",
        )


def has_bfloat16(information: str | None = None) -> bool:
    """Whether a processor multiplies bfloat16 natively; see `processor` for the argument."""
    text = _read(Path("/proc/cpuinfo")) if information is None else information
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", text, re.MULTILINE)
    return bool(flags and BFLOAT16_FLAGS & set(flags[1].split()))


def memory(information: str | None = None) -> Iterable[Finding]:
    """Memory.

    Args:
        information: as Linux gives it in /proc/meminfo; None: this machine's.
    """
    text = _read(Path("/proc/meminfo")) if information is None else information
    sizes = {name: int(kib) << 10 for name, kib in re.findall(r"^(\w+):\s*(\d+) kB$", text, re.MULTILINE)}
    if "MemAvailable" not in sizes:
        yield Finding("memory", "not told by this system")
        return
    free, total = sizes["MemAvailable"], sizes["MemTotal"]
    value = f"{total / 2**30:.1f} GiB, {free / 2**30:.1f} GiB of it free"
    if free < MEMORY:
        yield Finding(
            "memory", value, Level.COULD_BE_BETTER,
            "enough for the miniature; end other programs before a published model is loaded",
        )  # fmt: skip
    else:
        yield Finding("memory", value)


def shared_memory(folder: Path = Path("/dev/shm")) -> Iterable[Finding]:
    """The shared memory that images of ROS pass through."""
    try:
        size, _, free = shutil.disk_usage(folder)
    except OSError as error:
        yield Finding(
            str(folder), f"not there ({error.strerror})", Level.COULD_BE_BETTER,
            "only ROS needs it: mount a tmpfs there, or set the middleware to UDP",
        )  # fmt: skip
        return
    value = f"{size >> 20} MiB, {free >> 20} MiB of it free"
    if free < SHARED_MEMORY:
        yield Finding(
            str(folder), value, Level.COULD_BE_BETTER,
            "images get lost in it: docker run --shm-size=256m; or, when no ROS process runs, "
            "rm /dev/shm/fastrtps_* /dev/shm/sem.fastrtps_*",
        )  # fmt: skip
    else:
        yield Finding(str(folder), value)


def compiler() -> str | None:
    """The C++ compiler that torch would use, if there is one."""
    names = (os.environ["CXX"],) if os.environ.get("CXX") else COMPILERS
    return next((found for name in names if (found := shutil.which(name))), None)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
