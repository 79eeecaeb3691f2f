"""Reads picture files: of any depth and colours, upright, and whole or not at all."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from samwise.errors import FrameError

PICTURES = (".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
OTHER_PICTURES = (".heic", ".heif", ".avif", ".jxl", ".gif", ".jp2", ".dng", ".cr2", ".nef", ".arw", ".exr")
"""Kinds of pictures that are not read: some need decoders of their own, some hold a video."""

MAX_PIXELS = 2 * 10**8
"""A frame of this size takes gigabytes on its way through the model."""

_NEWEST_SUBFILE_TYPE = 254


def read_upright(path: Path) -> NDArray[np.uint8]:
    """A picture as viewers show it: turned the way that its EXIF orientation says.

    Of 16 bits per channel the upper 8 are used; transparency is dropped.

    Returns:
        uint8 `[H, W, 3]` RGB.

    Raises:
        FrameError: if it is missing, damaged, cut off, too large, or has no colours that can be shown.
    """
    return _read(path, upright=True)


def read_stored(path: Path) -> NDArray[np.uint8]:
    """A picture as its pixels are stored, whatever its EXIF orientation says; else as `read_upright`."""
    return _read(path, upright=False)


def _read(path: Path, upright: bool) -> NDArray[np.uint8]:
    try:
        if path.exists() and not path.is_file():
            # A pipe would be waited for, without an end.
            raise FrameError("cannot be read (it is a folder, a pipe or a device); replace it")
        with warnings.catch_warnings(), Image.open(path) as image:
            warnings.simplefilter("ignore")  # odd metadata; whether the pixels are whole is known below
            if image.width * image.height > MAX_PIXELS:
                raise FrameError(
                    f"has {image.width} x {image.height} pixels, more than {MAX_PIXELS:.0e}; scale it down"
                )
            image.load()
            return _colours(ImageOps.exif_transpose(image) if upright else image)
    except FrameError:
        raise
    except UnidentifiedImageError as error:
        raise FrameError("is not a picture of a known format, or damaged; replace it") from error
    except Image.DecompressionBombError as error:
        raise FrameError("has too many pixels; scale it down") from error
    except OSError as error:
        raise FrameError(f"cannot be read ({error.strerror or error}); replace it") from error
    except (ValueError, SyntaxError, EOFError, IndexError, TypeError, MemoryError) as error:
        # What Pillow's parsers let through of damaged files.
        raise FrameError(f"cannot be decoded ({error or type(error).__name__}); replace it") from error


def pages(path: Path) -> int:
    """How many pictures of one size a file holds: above 1 for an animation, or a TIFF with several pages.

    Previews and depth maps that cameras put behind a picture do not count. 1 where that cannot be told.
    """
    try:
        with Image.open(path) as image:
            if image.format not in ("PNG", "WEBP", "GIF", "TIFF"):
                return 1
            count, size = getattr(image, "n_frames", 1), image.size
            if count > 1 and image.format == "TIFF":
                image.seek(1)
                return int(count) if image.size == size else 1
            return int(count)
    except (OSError, ValueError, SyntaxError, EOFError):
        return 1


def _colours(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode == "F":
        raise FrameError("has floating point pixels, of no range that all agree on; convert it to 8 bits")
    if image.mode.startswith("I"):
        # Pillow's own conversion would cut everything above 255 off.
        grey = np.clip(np.asarray(image).astype(np.int64), 0, 65535) >> 8
        return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)
    return np.asarray(image.convert("RGB"), np.uint8)
