"""What is written about a segmented video besides `overlay_video`: masks, and a line of JSON per frame."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import cv2
import numpy as np

from samwise.errors import SamwiseError
from samwise.results import StepResult, Target
from samwise.video.frames import Frame
from samwise.video.run_lengths import encode


class Export(Protocol):
    """Takes a video frame by frame."""

    def add(self, frame: Frame, result: StepResult) -> None:
        """The next frame and what was found in it."""

    def close(self) -> None:
        """The video is over."""


class MaskTree:
    """Masks as PNG, mode L, 0/255: `Annotations/<video>/<sentence number>/<frame>.png` (Ref-YouTube-VOS).

    Args:
        folder: where `Annotations` goes.
        video: its name.
    """

    def __init__(self, folder: Path, video: str) -> None:
        self._folder = folder / "Annotations" / video

    def add(self, frame: Frame, result: StepResult) -> None:
        """Write one PNG per sentence.

        Raises:
            SamwiseError: if it cannot be written; those before stay.
        """
        for number, target in enumerate(result.targets):
            path = self._folder / str(number) / f"{frame.name}.png"
            _, encoded = cv2.imencode(".png", target.mask.view(np.uint8) * np.uint8(255))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(encoded.tobytes())
            except OSError as error:
                path.unlink(missing_ok=True)
                raise SamwiseError(
                    f"cannot write {str(path)!r} ({error.strerror}); make room, or choose another place"
                ) from error

    def close(self) -> None:
        """Nothing is left to do."""


class JsonLines:
    """One JSON object per frame: score, box and area of every target, switches, seconds by part.

    Args:
        path: file to write.
        rle: whether to include the masks, as COCO run lengths.
        unknown_words: those of each sentence that the model has never seen; sentences without any may lack.
    """

    def __init__(
        self, path: Path, rle: bool, unknown_words: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> None:
        self._path, self._file, self._whole = path, path.open("wb", buffering=0), 0
        self._rle, self._unknown_words = rle, unknown_words

    def add(self, frame: Frame, result: StepResult) -> None:
        """Write one line.

        Raises:
            SamwiseError: if it cannot be written; the lines before stay.
        """
        line = {
            "frame": frame.name,
            "time": round(frame.time, 6),
            "targets": [self._target(target) for target in result.targets],
            "seconds": {name: round(value, 5) for name, value in result.timings.items()},
        }
        text = json.dumps(line).encode() + b"\n"
        try:
            if self._file.write(text) != len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            # Whoever reads the file later finds whole lines only.
            self._file.truncate(self._whole)
            raise SamwiseError(
                f"cannot write {str(self._path)!r} ({error.strerror}); make room, or choose another place"
            ) from error
        self._whole += len(text)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _target(self, target: Target) -> dict[str, Any]:
        x, y, width, height = cv2.boundingRect(target.mask.view(np.uint8))
        line: dict[str, Any] = {
            "expression": target.expression,
            "unknown_words": list(self._unknown_words.get(target.expression, ())),
            "present": target.present,
            "score": round(target.score, 5),
            "box": [x, y, width, height],
            "area": int(np.count_nonzero(target.mask)),
        }
        if target.decision is not None:
            line["switch_probability"] = round(target.decision.probability, 5)
            line["switched"] = target.decision.switched
        if self._rle:
            line["rle"] = encode(target.mask)
        return line
