"""The folder of the demo's results: only what an earlier run left in it is ever replaced."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from samwise.shell.placing import MANIFEST, OutputError

MADE_BY = "samwise_ros demo"


def prepare(folder: Path, names: Sequence[str]) -> None:
    """Make a folder ready for a run: results of an earlier run go, so that they are not taken for this one's.

    Whatever else is in it stays.

    Args:
        folder: is made where it does not exist.
        names: of all files that a run may write.

    Raises:
        OutputError: a file by one of these names was made by somebody else, or the folder cannot be used.
    """
    known = _earlier_results(folder)
    in_the_way = [name for name in names if (folder / name).exists() and name not in known]
    if in_the_way:
        raise OutputError(
            f"{folder} holds {', '.join(in_the_way)}, which no earlier demo is known to have made; choose "
            "another folder with --output, or move that away"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / name).unlink(missing_ok=True)
        manifest = {"made_by": MADE_BY, "files": [*names, MANIFEST]}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"cannot write to {folder}: {error.strerror or error}; choose another folder with --output"
        ) from error


def _earlier_results(folder: Path) -> set[str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return set(manifest["files"]) if manifest["made_by"] == MADE_BY else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()
