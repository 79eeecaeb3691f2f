"""The most memory that a measurement needs."""

from __future__ import annotations

import torch

from samwise.bench.process_memory import MIB, forget_peak_resident, peak_resident_mib


def forget_peak(device: torch.device) -> None:
    """Measure the peak from now on, where the system allows it (else from the start of the process)."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    else:
        forget_peak_resident()


def peak_mib(device: torch.device) -> float:
    """MiB: of the allocator on CUDA, else the resident memory of the process, Python and torch included."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / MIB
    return peak_resident_mib()
