"""A session that does as it is told, in place of the model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise.errors import ExpressionError
from samwise.results import Decision, StepResult, Target
from samwise_ros.messages.images import to_message


class FakeSession:
    """Answers every frame with `mask` (default: the upper left quarter), `present`, `decision`."""

    def __init__(self) -> None:
        self.mask_threshold = self.cme_threshold = 0.5
        self.calls: list[str] = []
        self.frames: list[np.ndarray] = []
        self.expression = ""
        self.mask: np.ndarray | None = None
        self.present = True
        self.decision: Decision | None = None
        self.error: Exception | None = None
        self.refused = ""

    def set_expression(self, expression: str) -> None:
        if expression == self.refused:
            raise ExpressionError(f"{expression!r} has too many words; use fewer")
        self.calls.append(f"follow {expression}")
        self.expression = expression

    def reset(self) -> None:
        self.calls.append("reset")

    def step(self, frame: np.ndarray) -> StepResult:
        self.calls.append("step")
        self.frames.append(frame)
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        mask = self.mask
        if mask is None:
            mask = np.zeros(frame.shape[:2], bool)
            mask[: frame.shape[0] // 2, : frame.shape[1] // 2] = True
        target = Target(0, self.expression, mask, mask.astype(np.float32), self.present, 0.875, self.decision)
        return StepResult(len(self.frames) - 1, (target,), {})


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def make_image() -> Callable[..., Image]:
    """rgb8 image of random pixels; `stamp` in nanoseconds."""

    def make(width: int = 8, height: int = 6, stamp: int = 1_500_000_000) -> Image:
        header = Header(frame_id="camera_optical_frame")
        header.stamp.sec, header.stamp.nanosec = divmod(stamp, 1_000_000_000)
        pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        return to_message(pixels, "rgb8", header)

    return make
