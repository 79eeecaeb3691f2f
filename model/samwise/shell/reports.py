"""Small reports on a run: JSON files and pictures that name the command that made them.

They are cheap to make again, so an earlier one by the same command is replaced without asking.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from samwise.errors import UnfinishedError
from samwise.shell.placing import Check, OutputError, check_place, output_file

#: The PNG key for the name of the program, also used by the figures that matplotlib saves.
SOFTWARE = "Software"
#: Bytes; no report is larger.
LARGEST = 256 << 20
#: The key for it in a JSON report.
MADE_BY = "made_by"


class ReportError(OutputError, UnfinishedError):
    """A report could not be written; the work that it is about is done."""


def check_report(place: Path | None, made_by: str) -> None:
    """Make sure, before the work, that a report can be written after it.

    Args:
        place: of the JSON or PNG file; None: no report is wanted.
        made_by: the command, such as `samwise evaluate`.

    Raises:
        OutputError: if something else has that name, or its folder does not exist.
    """
    if place is None:
        return
    if place.is_dir():
        raise OutputError(f"{place} is a folder; name a file in it")
    if not place.parent.is_dir():
        raise OutputError(f"cannot write {place}: there is no folder {place.parent}; make it first")
    check_place(place, _foreign(made_by), overwrite=True)


def check_picture(place: Path | None, made_by: str) -> None:
    """`check_report` for a picture, which is always PNG.

    Raises:
        OutputError: as above, or if the name promises another format.
    """
    if place is not None and place.suffix.lower() != ".png":
        raise OutputError(f"{place} would be a PNG picture; give it a name that ends in .png")
    check_report(place, made_by)


def write_json(place: Path, made_by: str, values: Mapping[str, Any]) -> None:
    """Write values as JSON, with the command's name beside them.

    Args:
        place: of the file; an earlier report of the same command is replaced.
        made_by: the command.
        values: to write.

    Raises:
        ReportError: if the place is taken, or cannot be written to.
    """
    with _report(place, made_by) as made:
        made.write_text(json.dumps({MADE_BY: made_by, **values}, indent=2) + "\n", encoding="utf-8")


def write_png(place: Path, made_by: str, pixels: NDArray[np.uint8]) -> None:
    """Write a picture, uint8 `[H, W, 3]` RGB, as PNG; place and errors as for `write_json`."""
    note = PngImagePlugin.PngInfo()
    note.add_text(SOFTWARE, made_by)
    with _report(place, made_by) as made:
        Image.fromarray(pixels).save(made, format="PNG", pnginfo=note)


def write_figure(place: Path, made_by: str, figure: Any) -> None:
    """Write a matplotlib figure as PNG; place and errors as for `write_json`."""
    with _report(place, made_by) as made:
        figure.savefig(made, format="png", metadata={SOFTWARE: made_by})


@contextmanager
def _report(place: Path, made_by: str) -> Iterator[Path]:
    """`output_file` for what comes after the work: what the work itself has printed or written is kept."""
    try:
        with output_file(place, _foreign(made_by), overwrite=True) as made:
            yield made
    except OutputError as error:
        raise ReportError(str(error)) from error


def _foreign(made_by: str) -> Check:
    def names(place: Path) -> Sequence[str]:
        return () if _maker(place) == made_by else (place.name,)

    return names


def _maker(place: Path) -> object:
    """The command that made a report; None for every other file."""
    try:
        # Devices may have no end, and a recording of many gigabytes is not a report.
        if not place.is_file() or place.stat().st_size > LARGEST:
            return None
        if place.read_bytes()[:4] == b"\x89PNG":
            with Image.open(place) as image:
                return image.info.get(SOFTWARE)
        content = json.loads(place.read_bytes())
        return content.get(MADE_BY) if isinstance(content, dict) else None
    except (OSError, ValueError, UnidentifiedImageError):
        return None
