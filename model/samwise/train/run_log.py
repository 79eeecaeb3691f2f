"""What a run says of itself: a JSON line per report, and curves and pictures for TensorBoard."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise.errors import ConfigurationError


class RunLog:
    """Appends reports to `log.jsonl` of a folder.

    Args:
        folder: of the run.
        tensorboard: whether to write for TensorBoard, too.

    Raises:
        ConfigurationError: if TensorBoard is asked for and not installed.
    """

    def __init__(self, folder: Path, tensorboard: bool = False) -> None:
        # A run that is resumed goes on in the same file.
        self._file = (folder / "log.jsonl").open("a", encoding="utf-8")
        self._writer: Any = _summary_writer(folder) if tensorboard else None

    def report(self, kind: str, total_step: int, values: Mapping[str, float | str]) -> None:
        """Write one line.

        Args:
            kind: what is reported: train or validation.
            total_step: optimiser steps since the run began, over all stages.
            values: by name; text goes to the JSON lines only.
        """
        self._file.write(json.dumps({"kind": kind, "total_step": total_step, **values}) + "\n")
        self._file.flush()
        if self._writer is not None:
            for name, value in values.items():
                if not isinstance(value, str):
                    self._writer.add_scalar(f"{kind}/{name}", value, total_step)

    @property
    def takes_pictures(self) -> bool:
        """Whether `show` has somewhere to go."""
        return self._writer is not None

    def show(self, name: str, total_step: int, picture: NDArray[np.uint8]) -> None:
        """Hand a picture to TensorBoard; without it nothing happens.

        Args:
            name: of the picture; those of one name can be leafed through.
            total_step: as for `report`.
            picture: uint8 `[H, W, 3]` RGB.
        """
        if self._writer is not None:
            self._writer.add_image(name, picture, total_step, dataformats="HWC")

    def __enter__(self) -> RunLog:
        """Nothing to open: the constructor has."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        self._file.close()
        if self._writer is not None:
            self._writer.close()


def tensorboard_installed() -> bool:
    """Whether TensorBoard can be written for, found out without importing it."""
    return importlib.util.find_spec("tensorboard") is not None


def _summary_writer(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ConfigurationError("TensorBoard is not installed; `pip install tensorboard`") from error
    return SummaryWriter(str(folder))
