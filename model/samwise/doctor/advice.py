"""Settings that suit a machine, as lines to paste."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from samwise.doctor.torch_build import GPU_MEMORY, Gpu

#: Share of the measured rate that is asked for, so that no frame is dropped when one takes longer.
RESERVE = 0.9
#: Parameters of a model that is worth minutes of compiling.
LARGE = 100_000_000


@dataclass(frozen=True)
class Advice:
    """Settings for the node and for `samwise.load`.

    Attributes:
        checkpoint: as the user gave it; "" for the miniature.
        device: as torch names it.
        precision: of the products.
        compiled: whether compiling is worth its minutes.
        threads: 0: as the library chooses.
        max_rate: frames per second that the machine keeps up with, at most those the model was trained at;
            None where no frame was timed.
    """

    checkpoint: str
    device: str
    precision: str
    compiled: bool
    threads: int
    max_rate: float | None

    def lines(self) -> list[str]:
        """What to paste: for the node, and for Python."""
        path = self.checkpoint or "None"
        node = {"checkpoint": self.checkpoint, "device": self.device, "precision": self.precision}
        parameters = [f"-p {name}:={value}" for name, value in node.items() if value]
        parameters.append(f"-p threads:={self.threads}")
        if self.max_rate is not None:
            parameters.append(f"-p max_rate:={self.max_rate}")
        quoted = path if path == "None" else repr(path)
        return [
            f"ros2 run samwise_ros segmenter --ros-args {' '.join(parameters)}",
            f"load({quoted}, device={self.device!r}, precision={self.precision!r}, "
            f"compiled={self.compiled}, threads={self.threads})",
        ]


def device_and_precision(gpus: Sequence[Gpu]) -> tuple[str, str]:
    """Where to run, and how precisely.

    The GPU with the most free memory, in the reduced type that it has natively. A CPU in float32: the reduced
    types are no faster there without special units, and the masks less exact (docs/fidelity.md).
    """
    usable = [gpu for gpu in gpus if gpu.free >= GPU_MEMORY]
    if not usable:
        return "cpu", "float32"
    best = max(usable, key=lambda gpu: gpu.free)
    return f"cuda:{best.index}" if len(gpus) > 1 else "cuda", best.precisions[0]


def rate(frame_s: float, trained_rate: float | None) -> float:
    """The rate to ask for: what the machine reaches, rounded down, and no more than the model was trained at.

    Args:
        frame_s: seconds of a frame.
        trained_rate: frames per second; None: not known.
    """
    reached = RESERVE / frame_s
    # Rounded to what a person would write: 23, 4.5, 0.3.
    step = 1.0 if reached >= 10 else 0.5 if reached >= 1 else 0.1
    rounded = max(round(math.floor(reached / step) * step, 1), 0.1)
    return min(rounded, trained_rate) if trained_rate else rounded
