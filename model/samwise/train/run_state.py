"""Where a run stands, on disk: written so that a kill at any moment leaves a whole file behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from samwise.checkpoint.finding import find
from samwise.checkpoint.shortage import shortage_named
from samwise.checkpoint.unpickling import unpickle
from samwise.errors import CheckpointError
from samwise.shell.placing import output_file


@dataclass(frozen=True)
class RunState:
    """Everything a run needs to continue as if it had not stopped.

    Random numbers need no place here: every step seeds its own from the run's seed.

    Attributes:
        stage: index of the current stage.
        step: optimiser steps done in it.
        model: state dict.
        optimizers: state dicts; None before the first step of a stage.
        average: state dict of the weight average; None like `optimizers`, or if there is no average.
        auxiliary: state dict of the auxiliary heads; None like `optimizers`.
    """

    stage: int
    step: int
    model: dict[str, Any]
    optimizers: list[dict[str, Any]] | None
    average: dict[str, Any] | None
    auxiliary: dict[str, Any] | None = None

    def save(self, path: Path) -> None:
        """Write to `path`, replacing it in one step.

        Raises:
            OutputError: if it cannot be written; what was there stays.
        """
        with output_file(path, lambda _: (), overwrite=True) as partial, partial.open("wb") as file:
            try:
                torch.save(vars(self), file)
            except RuntimeError as error:
                # When the disk is full, torch only says that it cannot finish the archive.
                if isinstance(error.__context__, OSError):
                    raise error.__context__ from None
                raise

    @staticmethod
    def load(path: Path) -> RunState:
        """Read what `save` wrote, onto the CPU.

        Raises:
            CheckpointError: if it is missing, damaged, or something else.
        """
        if not path.exists():
            raise CheckpointError(f"nothing to resume at {str(path)!r}; start without --resume")
        with shortage_named(find(path)):
            try:
                return RunState(**_in_one_place(unpickle(path)))
            except TypeError as error:
                raise CheckpointError(
                    f"{str(path)!r} is no state of a training run of this version; start without "
                    "--resume, in another folder"
                ) from error


def _in_one_place(state: dict[str, Any]) -> dict[str, Any]:
    """Bring the heads of a state together that an earlier version kept apart by name."""
    apart = {name: state.pop(name) for name in ("semantics", "movement") if name in state}
    if any(apart.values()):
        state["auxiliary"] = {
            f"{name}.{key}": value for name, held in apart.items() for key, value in (held or {}).items()
        }
    return state
