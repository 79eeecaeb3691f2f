"""The folder of the demo's results: only what an earlier run left is replaced, and only by a whole run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from samwise.shell.placing import MANIFEST, OutputError, check_place

MADE_BY = "samwise_ros demo"
#: Where the results of the last whole run wait, within the folder, until there are new ones.
PREVIOUS = "previous"


def prepare(folder: Path, names: Sequence[str], proof: str) -> None:
    """Make a folder ready for a run. The results of the last whole one step aside, so as not to be mixed up.

    Args:
        folder: is made where it does not exist.
        names: of all files that a run may write.
        proof: that one of them which says that a run is whole.

    Raises:
        OutputError: if something in the folder was made by no demo, or it cannot be used.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; name a folder with --output")
    with _using(folder):
        check_place(folder, _foreign, overwrite=True)
        folder.mkdir(parents=True, exist_ok=True)
        # First the list: whatever a run leaves, the next one knows it.
        files = [*names, *(f"{PREVIOUS}/{name}" for name in names), MANIFEST]
        manifest = {"made_by": MADE_BY, "files": files}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        whole, previous = (folder / proof).exists(), folder / PREVIOUS
        if whole:
            shutil.rmtree(previous, ignore_errors=True)
            previous.mkdir()
        # The proof goes last. What a run left that was broken off is worth nothing.
        for name in sorted(names, key=lambda name: name == proof):
            if whole and (folder / name).exists():
                (folder / name).replace(previous / name)
            (folder / name).unlink(missing_ok=True)


def finish(folder: Path) -> None:
    """Let go of the results before, now that a run is whole."""
    shutil.rmtree(folder / PREVIOUS, ignore_errors=True)


def _foreign(folder: Path) -> list[str]:
    known = _earlier_results(folder)
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in names if name not in known)


def _earlier_results(folder: Path) -> set[str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return set(manifest["files"]) if manifest["made_by"] == MADE_BY else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def _using(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot write to {folder}: {error.strerror or error}; choose another folder with --output"
        ) from error
