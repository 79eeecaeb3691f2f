"""What training and validation need of a video, wherever it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Masks(Protocol):
    """A mask a frame: an array, bool `[T, H, W]`, or something that reads them one by one."""

    def __len__(self) -> int:
        """T."""

    def __getitem__(self, index: int, /) -> NDArray[np.bool_]:
        """The mask of one frame, bool `[H, W]`."""


class Frames(Protocol):
    """The frames: an array, uint8 `[T, H, W, 3]` RGB, or something that reads them one by one."""

    def __len__(self) -> int:
        """T."""

    def __getitem__(self, index: int, /) -> NDArray[np.uint8]:
        """One frame, uint8 `[H, W, 3]`."""


class LabelledReferral(Protocol):
    """A sentence and what it names."""

    @property
    def expression(self) -> str:
        """The sentence."""

    @property
    def masks(self) -> Masks:
        """Exact masks; empty where the target is absent."""


class LabelledVideo(Protocol):
    """Frames and sentences about them."""

    @property
    def frames(self) -> Frames:
        """What the camera saw."""

    @property
    def referrals(self) -> Sequence[LabelledReferral]:
        """At least one."""


class ParsedVideo(LabelledVideo, Protocol):
    """A video of which everything is known."""

    @property
    def semantics(self) -> NDArray[np.uint8]:
        """Kind, colour and motion of every pixel, uint8 `[T, 3, H, W]`, 0 where there is no object."""


class VideoSource(Protocol):
    """Makes videos; `samwise.world.generate` is one."""

    def __call__(
        self, seed: int, split: str, num_frames: int, size: tuple[int, int], fps: float
    ) -> LabelledVideo:
        """Make the video of that seed and split: `num_frames` frames of `size` (height, width) at `fps`."""
