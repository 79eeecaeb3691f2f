"""Reading the files of a data set, with errors that name the file and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samwise.errors import DataError, FrameError, SamwiseError
from samwise.video.pictures import read_stored


def read_json(path: Path, remedy: str) -> Any:
    """Content of a JSON file.

    Args:
        path: of the file.
        remedy: what to do if there is none, for the error.

    Raises:
        DataError: if it is missing or no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}); {remedy}") from error
    except ValueError as error:
        raise DataError(f"{str(path)!r} is damaged ({error}); extract or download it again") from error


def check_folder(path: Path, remedy: str) -> Path:
    """The folder itself, if it exists.

    Raises:
        DataError: if it does not.
    """
    if not path.is_dir():
        raise DataError(f"no folder {str(path)!r}; {remedy}")
    return path


@contextmanager
def laid_out(path: Path, layout: str, where: str = "") -> Iterator[None]:
    """Inside, whatever is missing or of another type is an error that names the file.

    Args:
        path: of the file.
        layout: its name.
        where: place in the file, as in "video a".

    Raises:
        DataError: in place of the `KeyError`, `TypeError` or the like of who looks into the content.
    """
    try:
        yield
    except SamwiseError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{str(path)!r} is not laid out as {layout} ({type(error).__name__}: {error}"
            f"{where and f', in {where}'}); "
            "check that it belongs to this data set and split"
        ) from error


def read_picture(path: Path) -> NDArray[np.uint8]:
    """A picture, uint8 `[H, W, 3]` RGB, as it is stored: annotations know nothing of EXIF orientations.

    Raises:
        DataError: if it is missing or damaged.
    """
    try:
        return read_stored(path)
    except FrameError as error:
        raise _no_picture(path, error) from error


def picture_size(path: Path) -> tuple[int, int]:
    """Height and width of a picture, without decoding it. Raises like `read_picture`."""
    _check_file(path)
    try:
        with Image.open(path) as image:
            return image.height, image.width
    except (OSError, ValueError, SyntaxError) as error:
        raise _no_picture(path, error) from error


def read_labels(path: Path) -> NDArray[np.uint8]:
    """Numbers of the objects in a palette or grey picture, uint8 `[H, W]`, 0 where there is none.

    Raises:
        DataError: if the file is missing, damaged or of another kind.
    """
    _check_file(path)
    try:
        with Image.open(path) as image:
            # OpenCV would give the palette's colours in place of the numbers.
            if image.mode not in ("P", "L"):
                raise DataError(
                    f"{str(path)!r} is a picture of mode {image.mode}; annotations are palette pictures (P), "
                    "so it was converted on the way: extract the archive of the data set again"
                )
            return np.asarray(image, np.uint8)
    except DataError:
        raise
    except (OSError, ValueError, SyntaxError) as error:
        raise _no_picture(path, error) from error


def _check_file(path: Path) -> None:
    """Refuse what is no file: a pipe would be waited for, without an end."""
    if path.exists() and not path.is_file():
        raise DataError(
            f"{str(path)!r} is a folder, a pipe or a device, not a picture; put the picture there"
        )


def _no_picture(path: Path, error: Exception) -> DataError:
    if not path.exists():
        return DataError(f"{str(path)!r} is missing; extract the archive of the data set again")
    return DataError(
        f"{str(path)!r} is no whole picture; extract the archive of the data set again ({error})"
    )
