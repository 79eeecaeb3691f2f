"""Masks as COCO run lengths, through pycocotools, with which everybody else reads and writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from samwise.errors import DataError


def encode(mask: NDArray[np.bool_]) -> dict[str, Any]:
    """Run lengths of a mask, bool `[H, W]`: `{"size": [H, W], "counts": text}`, ready for JSON."""
    encoded = coco.encode(np.asfortranarray(mask.view(np.uint8)))
    return {"size": list(encoded["size"]), "counts": encoded["counts"].decode("ascii")}


def decode(encoded: Mapping[str, Any]) -> NDArray[np.bool_]:
    """The mask, bool `[H, W]`, of run lengths: compressed ones, as above, or a plain list of counts.

    Raises:
        KeyError: if `size` or `counts` is missing.
        DataError: if they do not add up to the size.
    """
    height, width = encoded["size"]
    counts = encoded["counts"]
    # pycocotools checks neither sum nor sign, and would show what is in its memory behind the last run.
    runs = np.asarray(counts, np.int64) if isinstance(counts, list) else _uncompressed(counts)
    if runs.sum() != height * width or (runs < 0).any():
        raise DataError(
            f"run lengths of {runs.sum()} pixels do not fill {height} x {width}; the file is damaged"
        )
    compressed = {"size": [height, width], "counts": counts}
    if isinstance(counts, list):
        compressed = coco.frPyObjects(compressed, height, width)
    return np.asarray(coco.decode(compressed), np.bool_)


def _uncompressed(text: str) -> NDArray[np.int64]:
    """The counts of COCO's text: groups of 5 bits; from the fourth on, differences to the last but one.

    Raises:
        DataError: if it is not such a text.
    """
    digits = np.frombuffer(text.encode("ascii", "replace"), np.uint8).astype(np.int64) - ord("0")
    last = (digits & 0x20) == 0
    if not len(digits) or (digits < 0).any() or (digits > 0x3F).any() or not last[-1]:
        raise DataError(f"{text[:20]!r} are no run lengths; the file is damaged")
    ends = np.flatnonzero(last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    shifts = 5 * (np.arange(len(digits)) - np.repeat(starts, ends - starts + 1))
    if shifts.max() > 30:
        raise DataError(f"{text[:20]!r} are no run lengths; the file is damaged")
    values = np.add.reduceat((digits & 0x1F) << shifts, starts)
    values -= np.where(digits[ends] & 0x10, np.int64(1) << (shifts[ends] + 5), 0)
    values[1::2] = values[1::2].cumsum()
    values[2::2] = values[2::2].cumsum()
    return values


def from_polygons(polygons: Sequence[Sequence[float]], height: int, width: int) -> NDArray[np.bool_]:
    """The mask, bool `[height, width]`, of all pixels that lie in any polygon.

    Args:
        polygons: each x0, y0, x1, y1, ... in pixels, three corners or more.
        height: of the picture.
        width: of the picture.

    Raises:
        DataError: if a polygon has fewer corners, half of one, or one that is nowhere.
    """
    for polygon in polygons:
        if not np.isfinite(np.asarray(polygon, np.float64)).all():
            raise DataError("a polygon has a corner that is not a number; the file is damaged")
        if len(polygon) < 6 or len(polygon) % 2:
            raise DataError(
                f"a polygon has {len(polygon)} numbers; it needs two for each of 3 corners or more"
            )
    if not polygons:
        return np.zeros((height, width), np.bool_)
    merged = coco.merge(coco.frPyObjects([list(p) for p in polygons], height, width))
    return np.asarray(coco.decode(merged), np.bool_)
