"""What is written about a segmented video: masks, an overlay video, a line of JSON a frame."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from samwise.errors import SamwiseError
from samwise.overlay import draw_overlay
from samwise.results import StepResult, Target
from samwise.run_lengths import encode
from samwise.video.sources import Frame

COLORS = ((255, 72, 88), (64, 156, 255), (255, 196, 0), (60, 200, 120), (190, 110, 255), (255, 130, 40))


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
        """Write one PNG a sentence."""
        for number, target in enumerate(result.targets):
            path = self._folder / str(number) / f"{frame.name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            if not cv2.imwrite(str(path), target.mask.view(np.uint8) * np.uint8(255)):
                raise SamwiseError(f"{str(path)!r} cannot be written; is the disk full?")

    def close(self) -> None:
        """Nothing is left to do."""


class JsonLines:
    """One JSON object a frame: score, box and area of every target, switches, seconds by part.

    Args:
        path: file to write.
        rle: whether masks go in, too, as COCO run lengths.
        unknown_words: those of each sentence that the model has never seen; sentences without any may lack.
    """

    def __init__(
        self, path: Path, rle: bool, unknown_words: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._rle, self._unknown_words = rle, unknown_words

    def add(self, frame: Frame, result: StepResult) -> None:
        """Write one line."""
        line = {
            "frame": frame.name,
            "targets": [self._target(target) for target in result.targets],
            "seconds": {name: round(value, 5) for name, value in result.timings.items()},
        }
        self._file.write(json.dumps(line) + "\n")

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


class OverlayVideo:
    """The video with every target tinted in a colour of its own, as mp4.

    Args:
        path: file to write.
        rate: frames a second.
    """

    def __init__(self, path: Path, rate: float) -> None:
        self._path, self._rate = path, rate
        self._writer: cv2.VideoWriter | None = None

    def add(self, frame: Frame, result: StepResult) -> None:
        """Draw and write one frame."""
        drawn = draw_targets(frame.image, result.targets)
        if self._writer is None:
            size = (drawn.shape[1], drawn.shape[0])
            self._writer = cv2.VideoWriter(str(self._path), cv2.VideoWriter.fourcc(*"mp4v"), self._rate, size)
            if not self._writer.isOpened():
                raise SamwiseError(
                    f"{str(self._path)!r} cannot be written; check the folder, or use --no-overlay"
                )
        self._writer.write(cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.release()


def draw_targets(image: NDArray[np.uint8], targets: Sequence[Target]) -> NDArray[np.uint8]:
    """Tint every target in a colour of its own; the caption names the first, and how many more there are."""
    drawn = image
    for number, target in reversed(list(enumerate(targets))):
        more = f"  +{len(targets) - 1}" if len(targets) > 1 else ""
        verdict = f"{target.score:.0%}" if target.present else "absent"
        label = f"{target.expression}  {verdict}{more}" if number == 0 else ""
        visible = target.mask if target.present else np.zeros_like(target.mask)
        drawn = draw_overlay(drawn, visible, label, color=COLORS[number % len(COLORS)])
    return drawn
