"""Memory of this process, as Linux reports it."""

from __future__ import annotations

import os
from pathlib import Path

from samwise.errors import SamwiseError

MIB = 2**20


def resident_mib() -> float:
    """Resident memory now, MiB.

    Raises:
        SamwiseError: where there is no `/proc`.
    """
    return int(_read("/proc/self/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB


def peak_resident_mib() -> float:
    """Peak resident memory since the process began, or since `forget_peak_resident`, MiB.

    Raises:
        SamwiseError: where there is no `/proc`.
    """
    (line,) = (line for line in _read("/proc/self/status").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def forget_peak_resident() -> bool:
    """Measure the peak from now on; False if the system does not allow it."""
    try:
        # proc_pid_clear_refs(5): 5 resets the peak.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SamwiseError(f"cannot read {path} ({error}); memory is measured on Linux only") from error
