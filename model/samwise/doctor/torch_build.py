"""torch as it was built, the GPUs that it sees, and what both do natively."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from samwise.doctor.finding import Finding, Level
from samwise.doctor.machine import compiler

#: Compute capabilities from which on tensor cores take a type.
FLOAT16_FROM, BFLOAT16_FROM = (7, 0), (8, 0)
#: Bytes: the published model and what it computes with, in reduced precision.
GPU_MEMORY = 3 << 30


@dataclass(frozen=True)
class Gpu:
    """A GPU.

    Attributes:
        index: as in "cuda:0".
        name: of the product.
        capability: major and minor.
        free: bytes of its memory.
        total: bytes.
    """

    index: int
    name: str
    capability: tuple[int, int]
    free: int
    total: int

    @property
    def precisions(self) -> tuple[str, ...]:
        """Those that it has natively, the best one for it first."""
        bfloat16 = ("bfloat16",) if self.capability >= BFLOAT16_FROM else ()
        float16 = ("float16",) if self.capability >= FLOAT16_FROM else ()
        return (*bfloat16, *float16, "float32")


def gpus() -> tuple[Gpu, ...]:
    """Those that torch can use."""
    import torch

    if not torch.cuda.is_available():
        return ()
    found = []
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        name, capability = torch.cuda.get_device_name(index), torch.cuda.get_device_capability(index)
        found.append(Gpu(index, name, capability, free, total))
    return tuple(found)


def build() -> Iterable[Finding]:
    """What torch was built with."""
    import torch

    cuda, cudnn = torch.version.cuda, torch.backends.cudnn.version()
    if cuda is None:
        yield Finding("torch's CUDA", "none: a build for the CPU")
    else:
        yield Finding("torch's CUDA", f"{cuda}, cuDNN {cudnn}")
    if not torch.cuda.is_available() and (tool := shutil.which("nvidia-smi")):
        remedy = (
            "its driver is too old for this torch, or not loaded: update it, or install a torch for its CUDA"
            if cuda
            else "install a torch with CUDA: pip install --force-reinstall torch"
        )
        yield Finding("GPU", f"{tool} is there, but torch sees no GPU", Level.COULD_BE_BETTER, remedy)


def devices(found: Sequence[Gpu] | None = None, kernels: Sequence[str] | None = None) -> Iterable[Finding]:
    """The GPUs.

    Args:
        found: None: `gpus()`.
        kernels: architectures that torch has kernels for, such as "sm_80"; None: those of this torch.
    """
    import torch

    cards = gpus() if found is None else found
    built_for = torch.cuda.get_arch_list() if kernels is None else kernels
    if not cards:
        yield Finding("GPU", "none; a published model takes seconds a frame on a CPU, the miniature does not")
    for gpu in cards:
        name = f"GPU cuda:{gpu.index}"
        value = (
            f"{gpu.name}, compute capability {'.'.join(map(str, gpu.capability))}, {gpu.free / 2**30:.1f} of "
            f"{gpu.total / 2**30:.1f} GiB free, native: {', '.join(gpu.precisions)}"
        )
        if built_for and not _runs(gpu, built_for):
            yield Finding(
                name, value, Level.BROKEN,
                f"this torch has no kernels for it (only {', '.join(built_for)}): install one that has",
            )  # fmt: skip
        elif gpu.free < GPU_MEMORY:
            yield Finding(
                name, value, Level.COULD_BE_BETTER, "too little for a published model: end what uses it"
            )
        else:
            yield Finding(name, value)


def compiling(has_gpu: bool | None = None) -> Iterable[Finding]:
    """Whether `load(compiled=True)` can work."""
    name, found = "torch.compile", compiler()
    triton = find_spec("triton") is not None
    on_gpu = bool(gpus()) if has_gpu is None else has_gpu
    if found is None:
        yield Finding(
            name, "no C++ compiler found", Level.COULD_BE_BETTER, "apt install g++, for compiled models"
        )
    elif on_gpu and not triton:
        yield Finding(name, f"{found}, but no triton", Level.COULD_BE_BETTER, "pip install triton")
    else:
        yield Finding(name, f"possible, with {found}{' and triton' if on_gpu else ''}")


def _runs(gpu: Gpu, kernels: Sequence[str]) -> bool:
    """Kernels run on later minors of their major; code in PTX (compute_*) on everything later."""
    for kernel in kernels:
        kind, _, number = kernel.partition("_")
        digits = "".join(c for c in number if c.isdigit())
        if len(digits) < 2:
            continue
        major, minor = int(digits[:-1]), int(digits[-1])
        same_major = major == gpu.capability[0] and minor <= gpu.capability[1]
        if same_major or (kind == "compute" and (major, minor) <= gpu.capability):
            return True
    return False
