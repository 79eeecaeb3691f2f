"""GPUs of several generations, as torch would tell of them."""

import pytest
import torch

from samwise.doctor.finding import Level
from samwise.doctor.torch_build import Gpu, build, compiling, devices

GIB = 1 << 30


def gpu(capability: tuple[int, int], free: int = 8 * GIB) -> Gpu:
    return Gpu(0, "a GPU", capability, free, 16 * GIB)


@pytest.mark.parametrize(
    ("capability", "precisions"),
    [
        ((6, 1), ("float32",)),
        ((7, 5), ("float16", "float32")),
        ((8, 7), ("bfloat16", "float16", "float32")),
        ((12, 0), ("bfloat16", "float16", "float32")),
    ],
)
def test_native_precisions(capability, precisions):
    assert gpu(capability).precisions == precisions


@pytest.mark.parametrize(
    ("capability", "kernels", "level"),
    [
        ((8, 7), ["sm_80", "sm_90"], Level.WELL),  # a Jetson Orin: later minor of a major
        ((8, 7), ["sm_75", "sm_90"], Level.BROKEN),
        ((8, 0), ["sm_86"], Level.BROKEN),  # an earlier minor
        ((12, 0), ["sm_90", "compute_90"], Level.WELL),
        ((9, 0), ["sm_90a"], Level.WELL),
        ((5, 0), [], Level.WELL),  # nothing is known: nothing is claimed
    ],
)
def test_a_gpu_that_torch_has_no_kernels_for_is_broken(capability, kernels, level):
    (found,) = devices([gpu(capability)], kernels)
    assert found.level is level


def test_a_gpu_without_room():
    (found,) = devices([gpu((8, 0), free=GIB)], ["sm_80"])
    assert found.level is Level.COULD_BE_BETTER and "1.0 of 16.0 GiB" in found.value


def test_no_gpu_is_well():
    (found,) = devices([], [])
    assert found.level is Level.WELL and "none" in found.value


@pytest.mark.parametrize(("cuda", "said"), [(None, "with CUDA"), ("13.0", "driver")])
def test_a_driver_without_a_torch_for_it(monkeypatch, cuda, said):
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(torch.version, "cuda", cuda)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    found = list(build())
    assert found[-1].level is Level.COULD_BE_BETTER and said in found[-1].remedy


def test_without_a_compiler_nothing_can_be_compiled(monkeypatch):
    monkeypatch.setattr("samwise.doctor.torch_build.compiler", lambda: None)
    (found,) = compiling(has_gpu=False)
    assert found.level is Level.COULD_BE_BETTER and "g++" in found.remedy
    monkeypatch.setattr("samwise.doctor.torch_build.compiler", lambda: "/usr/bin/c++")
    monkeypatch.setattr("samwise.doctor.torch_build.find_spec", lambda _: None)
    assert next(iter(compiling(has_gpu=True))).remedy == "pip install triton"
    assert next(iter(compiling(has_gpu=False))).level is Level.WELL
