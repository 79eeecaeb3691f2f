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
        DataError: if a plain list does not add up to the size. Of compressed counts nobody can tell.
    """
    height, width = encoded["size"]
    counts = encoded["counts"]
    if isinstance(counts, list):
        # pycocotools checks neither sum nor sign, and would read beyond the counts.
        if sum(counts) != height * width or min(counts, default=0) < 0:
            raise DataError(
                f"run lengths of {sum(counts)} pixels do not fill {height} x {width}; the file is damaged"
            )
        compressed = coco.frPyObjects({"size": [height, width], "counts": counts}, height, width)
    else:
        compressed = {"size": [height, width], "counts": counts}
    return np.asarray(coco.decode(compressed), np.bool_)


def from_polygons(polygons: Sequence[Sequence[float]], height: int, width: int) -> NDArray[np.bool_]:
    """The mask, bool `[height, width]`, of all pixels that lie in any polygon.

    Args:
        polygons: each x0, y0, x1, y1, ... in pixels, three corners or more.
        height: of the picture.
        width: of the picture.

    Raises:
        DataError: if a polygon has fewer corners, or half of one.
    """
    for polygon in polygons:
        if len(polygon) < 6 or len(polygon) % 2:
            raise DataError(
                f"a polygon has {len(polygon)} numbers; it needs two for each of 3 corners or more"
            )
    if not polygons:
        return np.zeros((height, width), np.bool_)
    merged = coco.merge(coco.frPyObjects([list(p) for p in polygons], height, width))
    return np.asarray(coco.decode(merged), np.bool_)
