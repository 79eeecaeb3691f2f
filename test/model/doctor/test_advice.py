"""Settings that suit a machine."""

import pytest

from samwise.doctor.advice import Advice, device_and_precision, rate
from samwise.doctor.torch_build import Gpu

GIB = 1 << 30


def gpu(index: int, capability: tuple[int, int], free: int) -> Gpu:
    return Gpu(index, "a GPU", capability, free, 64 * GIB)


def test_the_gpu_with_room_and_what_it_has_natively():
    assert device_and_precision([]) == ("cpu", "float32")
    assert device_and_precision([gpu(0, (8, 7), 8 * GIB)]) == ("cuda", "bfloat16")
    assert device_and_precision([gpu(0, (7, 5), 8 * GIB)]) == ("cuda", "float16")
    assert device_and_precision([gpu(0, (8, 0), GIB), gpu(1, (6, 1), 9 * GIB)]) == ("cuda:1", "float32")
    assert device_and_precision([gpu(0, (8, 0), GIB)]) == ("cpu", "float32")


@pytest.mark.parametrize(
    ("frame_s", "trained", "asked"),
    [
        (0.01, 10.0, 10.0),  # faster than the model was trained at
        (0.01, None, 90.0),
        (0.038, None, 23.0),
        (0.2, 10.0, 4.5),
        (2.5, 10.0, 0.3),
        (100.0, 10.0, 0.1),
    ],
)
def test_the_rate_is_what_the_machine_keeps_up_with(frame_s, trained, asked):
    assert rate(frame_s, trained) == asked


def test_lines_to_paste():
    node, python = Advice("mevis", "cuda", "bfloat16", True, 0, 10.0).lines()
    assert node == (
        "ros2 run samwise_ros segmenter --ros-args -p checkpoint:=mevis -p device:=cuda "
        "-p precision:=bfloat16 -p threads:=0 -p max_rate:=10.0"
    )
    assert python == "load('mevis', device='cuda', precision='bfloat16', compiled=True, threads=0)"
    node, python = Advice("", "cpu", "float32", False, 0, None).lines()
    assert "checkpoint" not in node and "max_rate" not in node and python.startswith("load(None, ")
