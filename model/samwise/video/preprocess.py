"""From a frame to the network's input and back."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from samwise.errors import FrameError

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
MARGIN = 4
"""The published model resizes the shorter side to 1020, the longer to at most 1024 pixels."""


def resized_shape(height: int, width: int, image_size: int) -> tuple[int, int]:
    """Size `(h, w)` a frame is resized to before padding; both at most `image_size`.

    Keeps the aspect ratio, with the truncations of torchvision's `Resize(size, max_size)`.
    """
    short, long = min(height, width), max(height, width)
    target = image_size - MARGIN
    new_short, new_long = target, int(target * long / short)
    if new_long > image_size:
        new_short, new_long = int(image_size * target / new_long), image_size
    return (new_short, new_long) if height <= width else (new_long, new_short)


def picture_shape(height: int, width: int, image_size: int) -> tuple[int, int]:
    """Size `(h, w)` a picture is resized to in the published training; keeps the aspect ratio, truncates."""
    short, long = min(height, width), max(height, width)
    new_short = round(image_size * short / long) if long > short else image_size
    new_long = long if new_short == short else int(new_short * long / short)
    return (new_short, new_long) if height <= width else (new_long, new_short)


def check_frame(frame: NDArray[np.uint8]) -> None:
    """Check that a frame is uint8 `[H, W, 3]` of a workable size.

    Raises:
        FrameError: naming what it is instead.
    """
    if not isinstance(frame, np.ndarray):
        raise FrameError(f"a frame is a {type(frame).__name__}; pass a numpy array, uint8 [H, W, 3], RGB")
    if frame.dtype != np.uint8:
        raise FrameError(f"a frame has dtype {frame.dtype}; pass uint8 values 0..255")
    if frame.ndim != 3 or frame.shape[2] != 3:
        raise FrameError(f"a frame has shape {frame.shape}; pass [H, W, 3], RGB, channels last")
    short, long = min(frame.shape[:2]), max(frame.shape[:2])
    if short < 16 or long > 32 * short:
        raise FrameError(
            f"a frame is {frame.shape[1]}x{frame.shape[0]} pixels; "
            "pass at least 16 pixels a side and an aspect ratio below 32"
        )


@dataclass(frozen=True)
class Canvas:
    """Where frames of one size lie on the network's square input: in its upper left, as large as fits.

    Attributes:
        height, width: of the frames, pixels.
        side: S of the input, pixels.
    """

    height: int
    width: int
    side: int

    @staticmethod
    def of(frame: NDArray[np.uint8], side: int) -> Canvas:
        """The canvas for frames like this one, uint8 `[H, W, 3]`.

        Raises:
            FrameError: if it is not such a frame, or of no workable size.
        """
        check_frame(frame)
        return Canvas(frame.shape[0], frame.shape[1], side)

    @functools.cached_property
    def shown(self) -> tuple[int, int]:
        """Rows and columns of the input that show the frame; padding is beyond them."""
        return resized_shape(self.height, self.width, self.side)

    def prepare(self, frame: NDArray[np.uint8]) -> Tensor:
        """Turn a frame, uint8 `[H, W, 3]` RGB, into float32 `[3, S, S]`, 0 beyond the picture.

        Raises:
            FrameError: if it is not a frame of this size.
        """
        check_frame(frame)
        if frame.shape[:2] != (self.height, self.width):
            raise FrameError(
                f"a frame is {frame.shape[1]}x{frame.shape[0]} pixels; this canvas is for frames of "
                f"{self.width}x{self.height}, make one for the other size"
            )
        height, width = self.shown
        image = Image.fromarray(frame)
        if image.size != (width, height):
            image = image.resize((width, height), Image.Resampling.BILINEAR)
        x = torch.from_numpy(np.asarray(image, dtype=np.float32) / 255.0)
        x = (x - torch.tensor(MEAN)) / torch.tensor(STD)
        return F.pad(x.permute(2, 0, 1), (0, self.side - width, 0, self.side - height))

    def restore(self, logits: Tensor) -> Tensor:
        """Bring mask logits `[N, 1, S, S]` back to the frame's size: `[N, H, W]`.

        Interpolation is bilinear and on logits, as in the published evaluation.
        """
        rows, columns = self.shown
        cropped = logits[..., :rows, :columns].float()
        size = (self.height, self.width)
        return F.interpolate(cropped, size=size, mode="bilinear", align_corners=False)[:, 0]


class PictureCanvas(Canvas):
    """Where the published evaluation of single pictures puts them: sized by the rule of the training."""

    @functools.cached_property
    def shown(self) -> tuple[int, int]:
        """As in `Canvas`; the longer side is S, but for rounding."""
        return picture_shape(self.height, self.width, self.side)

    def restore(self, logits: Tensor) -> Tensor:
        """As in `Canvas`, but each pixel gets the nearest value."""
        rows, columns = self.shown
        return F.interpolate(logits[..., :rows, :columns].float(), size=(self.height, self.width))[:, 0]
