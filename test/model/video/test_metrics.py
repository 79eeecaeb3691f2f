import json
from pathlib import Path

import numpy as np
import pytest
from metrics_golden import video

from samwise.video.metrics import contour_accuracy, contours, j_and_f, region_similarity

GOLDEN = Path(__file__).with_name("metrics_golden.json")


def square(top: int, left: int, side: int, size: int = 40) -> np.ndarray:
    mask = np.zeros((size, size), dtype=bool)
    mask[top : top + side, left : left + side] = True
    return mask


def test_j_by_hand():
    # 10x10 squares, 5 columns apart: 50 pixels shared of 150.
    assert region_similarity(square(5, 5, 10), square(5, 10, 10)) == pytest.approx(1 / 3)
    assert region_similarity(square(5, 5, 10), square(5, 5, 10)) == 1
    assert region_similarity(square(0, 0, 5), square(20, 20, 5)) == 0


def test_empty_masks():
    empty, full = np.zeros((40, 40), dtype=bool), square(5, 5, 10)
    for metric in (region_similarity, contour_accuracy, j_and_f):
        assert metric(empty, empty) == 1
        assert metric(empty, full) == metric(full, empty) == 0


def test_leading_dimensions_are_kept():
    masks = np.stack([square(5, 5, 10), square(0, 0, 3), np.zeros((40, 40), dtype=bool)])
    video = np.stack([masks, masks[::-1]])
    for metric in (region_similarity, contour_accuracy, j_and_f):
        both = metric(video, np.stack([masks, masks]))
        assert both.shape == (2, 3)
        assert np.array_equal(both[0], [1, 1, 1]) and both[1, 0] < 1


def test_contours_by_hand():
    expected = np.zeros((6, 6), dtype=bool)
    # The benchmark's contour of a 2x2 square lies on its upper left side: a pixel and its right, lower
    # and lower right neighbour differ.
    expected[1, 1:4] = expected[2, 1] = expected[2, 3] = expected[3, 1:4] = True
    assert np.array_equal(contours(square(2, 2, 2, 6)), expected)


def test_contours_at_the_border():
    # Nothing but the frame itself ends a full mask, and the frame is no contour.
    assert not contours(np.ones((5, 5), dtype=bool)).any()
    half = np.zeros((4, 4), dtype=bool)
    half[:, :2] = True
    assert np.array_equal(np.argwhere(contours(half)), [[r, 1] for r in range(4)])


def test_f_tolerates_what_lies_within_the_radius():
    # 100x100: ceil(0.008 * 141.4) = 2 pixels.
    truth = square(30, 30, 40, 100)
    assert contour_accuracy(square(32, 30, 40, 100), truth) == 1
    assert contour_accuracy(square(33, 30, 40, 100), truth) < 1


def test_f_by_hand():
    # Two vertical lines of contour (a band and its shifted copy), one of which is out of reach.
    truth = np.zeros((100, 100), dtype=bool)
    truth[:, 20:60] = True
    predicted = np.zeros((100, 100), dtype=bool)
    predicted[:, 20:80] = True
    # Both have 2 lines of 100; the left ones match: precision = recall = 1/2.
    assert contour_accuracy(predicted, truth) == pytest.approx(0.5)


def test_precision_and_recall_differ():
    truth = square(30, 10, 10, 100)
    predicted = truth | square(30, 60, 10, 100)
    # All of the truth's contour is found, half of the prediction's is right: 2 * 0.5 * 1 / 1.5.
    assert contour_accuracy(predicted, truth) == pytest.approx(2 / 3)


def davis_f(predicted: np.ndarray, truth: np.ndarray) -> float:
    """The benchmark's definition, pixel by pixel: distances between contours, no dilation."""

    def contour(mask):
        height, width = mask.shape
        found = []
        for y in range(height):
            for x in range(width):
                down, right = min(y + 1, height - 1), min(x + 1, width - 1)
                neighbours = mask[y, right], mask[down, x], mask[down, right]
                if any(n != mask[y, x] for n in neighbours):
                    found.append((y, x))
        return np.array(found)

    ours, theirs = contour(predicted), contour(truth)
    radius = np.ceil(0.008 * np.hypot(*predicted.shape))
    near = np.linalg.norm(ours[:, None] - theirs[None], axis=2) <= radius
    precision, recall = near.any(axis=1).mean(), near.any(axis=0).mean()
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@pytest.mark.parametrize("seed", range(5))
def test_f_against_the_definition(seed):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:48, :64]
    a, b = (
        ((y - random.uniform(10, 38)) / random.uniform(5, 20)) ** 2
        + ((x - random.uniform(10, 54)) / random.uniform(5, 30)) ** 2
        < 1
        for _ in range(2)
    )
    assert contour_accuracy(a, b) == pytest.approx(davis_f(a, b))


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"\(4, 4\).*\(4, 5\)"):
        region_similarity(np.zeros((4, 4), dtype=bool), np.zeros((4, 5), dtype=bool))


@pytest.mark.parametrize("case", json.loads(GOLDEN.read_text()), ids=lambda case: f"seed{case['seed']}")
def test_against_vos_benchmark_and_trackeval(case):
    predicted, truth = video(case["seed"])
    assert [predicted.sum(), truth.sum()] == case["pixels"], "these are not the masks that were judged"
    j, f = region_similarity(predicted, truth), contour_accuracy(predicted, truth)
    assert j == pytest.approx(case["j"]) and f == pytest.approx(case["f"])
    assert (j.mean(), f.mean()) == pytest.approx(case["trackeval"])
