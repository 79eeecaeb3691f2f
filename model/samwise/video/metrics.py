"""Region similarity J, contour accuracy F and their mean, as the DAVIS 2017 benchmark defines them.

Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation", CVPR 2016.
All masks are boolean arrays `[..., H, W]`; every function returns one value in [0, 1] for each of the
leading indices, so a video of T frames gives `[T]`. An empty mask against an empty mask counts 1.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]

BOUNDARY_TOLERANCE = 0.008
"""How far two contours may lie apart and still match, as a share of the image diagonal."""


def region_similarity(predicted: BoolArray, truth: BoolArray) -> FloatArray:
    """J: intersection over union.

    Args:
        predicted: bool `[..., H, W]`.
        truth: bool, same shape.

    Returns:
        float64 `[...]` in [0, 1].

    Raises:
        ValueError: if the shapes differ.
    """
    _check_shapes(predicted, truth)
    intersection = (predicted & truth).sum(axis=(-2, -1))
    union = (predicted | truth).sum(axis=(-2, -1))
    return np.where(union > 0, intersection / np.maximum(union, 1), 1.0)


def contour_accuracy(
    predicted: BoolArray, truth: BoolArray, tolerance: float = BOUNDARY_TOLERANCE
) -> FloatArray:
    """F: harmonic mean of the precision and the recall of contour pixels.

    A contour pixel matches if the other contour passes within `ceil(tolerance * diagonal)` pixels of it.

    Args:
        predicted: bool `[..., H, W]`.
        truth: bool, same shape.
        tolerance: share of the image diagonal.

    Returns:
        float64 `[...]` in [0, 1].

    Raises:
        ValueError: if the shapes differ.
    """
    _check_shapes(predicted, truth)
    height, width = predicted.shape[-2:]
    disk = _disk(math.ceil(tolerance * math.hypot(height, width)))
    ours, theirs = contours(predicted), contours(truth)
    precision = _matched_share(ours, theirs, disk)
    recall = _matched_share(theirs, ours, disk)
    total = precision + recall
    return np.where(total > 0, 2 * precision * recall / np.where(total > 0, total, 1.0), 0.0)


def j_and_f(predicted: BoolArray, truth: BoolArray) -> FloatArray:
    """Mean of J and F for each mask: `[..., H, W]` twice to float64 `[...]`."""
    return (region_similarity(predicted, truth) + contour_accuracy(predicted, truth)) / 2


def contours(masks: BoolArray) -> BoolArray:
    """Pixels that differ from their right, lower or lower right neighbour: `[..., H, W]`, one pixel wide.

    The last row and column have no such neighbours and compare with the ones they have, as in the benchmark.
    """
    padding = [(0, 0)] * (masks.ndim - 2) + [(0, 1), (0, 1)]
    # Repeating the border makes "no neighbour" read as "equal", which is the benchmark's rule.
    grown = np.pad(masks, padding, mode="edge")
    here = grown[..., :-1, :-1]
    found: BoolArray = (
        (here ^ grown[..., :-1, 1:]) | (here ^ grown[..., 1:, :-1]) | (here ^ grown[..., 1:, 1:])
    )
    return found


def _matched_share(contour: BoolArray, other: BoolArray, disk: NDArray[np.uint8]) -> FloatArray:
    """Share of `contour` that lies within the disk of `other`; 1 where `contour` is empty."""
    height, width = contour.shape[-2:]
    flat = other.reshape(-1, height, width)
    near = np.empty(flat.shape, dtype=bool)
    for index, image in enumerate(flat):
        near[index] = cv2.dilate(image.astype(np.uint8), disk)
    count = contour.sum(axis=(-2, -1))
    matched = (contour & near.reshape(contour.shape)).sum(axis=(-2, -1))
    return np.where(count > 0, matched / np.maximum(count, 1), 1.0)


def _disk(radius: int) -> NDArray[np.uint8]:
    """Structuring element: pixels at most `radius` from the centre, `[2r + 1, 2r + 1]`."""
    offset = np.arange(-radius, radius + 1)
    return (offset[:, None] ** 2 + offset[None, :] ** 2 <= radius**2).astype(np.uint8)


def _check_shapes(predicted: BoolArray, truth: BoolArray) -> None:
    if predicted.shape != truth.shape:
        raise ValueError(
            f"predicted masks are {predicted.shape}, ground truth {truth.shape}; give equal shapes"
        )
