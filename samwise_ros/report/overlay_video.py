"""Writes H.264 video with the ffmpeg that comes with imageio-ffmpeg."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from types import TracebackType

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray


class VideoWriter:
    """An mp4 that plays everywhere: H.264, 4:2:0.

    Args:
        path: of the file, replaced if it exists.
        width: of the frames in pixels.
        height: of the frames in pixels.
        fps: frames per second.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float) -> None:
        # 4:2:0 halves the colour planes, so both sides have to be even: the last row or column goes.
        self._height, self._width = height - height % 2, width - width % 2
        self._ffmpeg: Generator[None, NDArray[np.uint8] | None, None] = imageio_ffmpeg.write_frames(
            str(path),
            (self._width, self._height),
            fps=round(fps, 3),
            codec="libx264",
            pix_fmt_out="yuv420p",
            # Constant quality; what is drawn are thin lines, which coarser settings smear.
            output_params=["-crf", "20", "-preset", "fast", "-movflags", "+faststart"],
            quality=None,
            macro_block_size=2,
        )
        self._ffmpeg.send(None)

    def add(self, frame: NDArray[np.uint8]) -> None:
        """Append a frame: uint8 [H, W, 3], RGB."""
        self._ffmpeg.send(np.ascontiguousarray(frame[: self._height, : self._width]))

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ffmpeg.close()
