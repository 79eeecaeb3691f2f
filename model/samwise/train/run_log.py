"""What a run says of itself: a JSON line per report, and curves and pictures for TensorBoard."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from samwise.errors import ConfigurationError
from samwise.shell.placing import OutputError

LOG_FILE = "log.jsonl"


class RunLog:
    """Appends reports to `log.jsonl` of a folder. A line there that was cut off is dropped.

    Args:
        folder: of the run.
        tensorboard: whether to write for TensorBoard, too.

    Raises:
        ConfigurationError: if TensorBoard is asked for and not installed.
        OutputError: if the log cannot be written.
    """

    def __init__(self, folder: Path, tensorboard: bool = False) -> None:
        # A resumed run continues in the same file.
        self._path = folder / LOG_FILE
        with self._writing():
            self._file = self._path.open("a+b")
            _drop_cut_off_line(self._file)
        self._writer: Any = _summary_writer(folder) if tensorboard else None

    def report(self, kind: str, total_step: int, values: Mapping[str, float | str]) -> None:
        """Write one line.

        Args:
            kind: what is reported: train or validation.
            total_step: optimiser steps since the run began, over all stages.
            values: by name; text goes to the JSON lines only.

        Raises:
            OutputError: if it cannot be written.
        """
        line = json.dumps({"kind": kind, "total_step": total_step, **values}) + "\n"
        with self._writing():
            self._file.write(line.encode())
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
        """Hand a picture to TensorBoard; do nothing without it.

        Args:
            name: of the picture; those of one name can be leafed through.
            total_step: as for `report`.
            picture: uint8 `[H, W, 3]` RGB.
        """
        if self._writer is not None:
            self._writer.add_image(name, picture, total_step, dataformats="HWC")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"cannot write {self._path} ({error.strerror})") from error

    def __enter__(self) -> RunLog:
        """Nothing to open: the constructor has done so."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        with suppress(OSError):  # What could not be written has been reported.
            self._file.close()
        if self._writer is not None:
            self._writer.close()


def _drop_cut_off_line(file: BinaryIO) -> None:
    """A process that was killed while writing left a line without its end."""
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)


def tensorboard_installed() -> bool:
    """Whether TensorBoard is installed, found out without importing it."""
    return importlib.util.find_spec("tensorboard") is not None


def _summary_writer(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ConfigurationError("TensorBoard is not installed; `pip install tensorboard`") from error
    return SummaryWriter(str(folder))
