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

MAX_OBJECT = 255
"""Annotations are 8-bit pictures."""


def read_json(path: Path, remedy: str) -> Any:
    """Return the content of a JSON file.

    Args:
        path: of the file.
        remedy: what to do if it is missing, for the error.

    Raises:
        DataError: if it is missing or not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}); {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{str(path)!r} is damaged ({error}); extract or download it again") from error


def check_folder(path: Path, remedy: str) -> Path:
    """Return the folder itself, if it exists.

    Raises:
        DataError: if it does not, or if that cannot be determined.
    """
    try:
        if path.is_dir():
            return path
    except OSError as error:
        # A name that is too long, or a folder above it that may not be searched.
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}); {remedy}") from error
    raise DataError(f"no folder {str(path)!r}; {remedy}")


@contextmanager
def laid_out(path: Path, layout: str, where: str = "") -> Iterator[None]:
    """Turn whatever is missing or of the wrong type inside the block into an error that names the file.

    Args:
        path: of the file.
        layout: the layout's name.
        where: place in the file, such as "video a".

    Raises:
        DataError: instead of the `KeyError`, `TypeError` or similar that reading the content raised.
    """
    try:
        yield
    except SamwiseError:
        raise
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise DataError(
            f"{str(path)!r} is not laid out as {layout} ({type(error).__name__}: {error}"
            f"{where and f', in {where}'}); "
            "check that it belongs to this data set and split"
        ) from error


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Return a picture, uint8 `[H, W, 3]` RGB, as stored: annotations ignore EXIF orientations.

    Raises:
        DataError: if it is missing or damaged.
    """
    try:
        return read_stored(path)
    except FrameError as error:
        raise _no_picture(path, error) from error


def picture_size(path: Path) -> tuple[int, int]:
    """Return the height and width of a picture, without decoding it. Raises like `read_picture`."""
    _check_file(path)
    try:
        with Image.open(path) as image:
            return image.height, image.width
    except (OSError, ValueError, SyntaxError) as error:
        raise _no_picture(path, error) from error


def read_labels(path: Path) -> NDArray[np.uint8]:
    """Return the object numbers in a palette or grey picture, uint8 `[H, W]`, 0 where there is no object.

    Raises:
        DataError: if the file is missing, damaged or another kind of picture.
    """
    _check_file(path)
    try:
        with Image.open(path) as image:
            # OpenCV would return the palette's colours instead of the numbers.
            if image.mode not in ("P", "L"):
                raise DataError(
                    f"{str(path)!r} is a picture of mode {image.mode}; annotations are palette pictures (P), "
                    "so it was converted at some point: extract the archive of the data set again"
                )
            return np.asarray(image, np.uint8)
    except DataError:
        raise
    except (OSError, ValueError, SyntaxError) as error:
        raise _no_picture(path, error) from error


def object_number(value: object) -> int:
    """Return which object of `read_labels` a sentence names; the listing has a whole number or its digits.

    Raises:
        ValueError: if it is not one of 1 to 255. Number 0 would be everything that is not an object.
    """
    number = int(value) if isinstance(value, str) or type(value) is int else 0
    if not 1 <= number <= MAX_OBJECT:
        raise ValueError(f"object {value!r} is not one of 1 to {MAX_OBJECT}")
    return number


def _check_file(path: Path) -> None:
    """Refuse anything but a file: reading a pipe could wait forever."""
    if path.exists() and not path.is_file():
        raise DataError(
            f"{str(path)!r} is a folder, a pipe or a device, not a picture; put the picture there"
        )


def _no_picture(path: Path, error: Exception) -> DataError:
    if not path.exists():
        return DataError(f"{str(path)!r} is missing; extract the archive of the data set again")
    return DataError(
        f"{str(path)!r} is not a complete picture; extract the archive of the data set again ({error})"
    )
