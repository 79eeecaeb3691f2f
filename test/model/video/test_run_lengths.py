import numpy as np
import pytest

from samwise.errors import DataError
from samwise.video.run_lengths import decode, encode, from_polygons

MASK = np.random.default_rng(0).random((7, 9)) > 0.5


def test_a_mask_survives():
    encoded = encode(MASK)
    assert encoded["size"] == [7, 9] and isinstance(encoded["counts"], str)
    np.testing.assert_array_equal(decode(encoded), MASK)
    assert not decode(encode(np.zeros((5, 6), bool))).any()


def test_plain_counts_run_down_the_columns():
    # 3 rows, 4 columns: two pixels off, three on, the rest off.
    mask = decode({"size": [3, 4], "counts": [2, 3, 7]})
    np.testing.assert_array_equal(mask, [[0, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]])
    with pytest.raises(DataError, match="11 pixels do not fill 3 x 4"):
        decode({"size": [3, 4], "counts": [2, 3, 6]})


def test_compressed_counts_are_checked():
    """pycocotools itself shows what happens to be in memory where runs are missing."""
    whole = encode(MASK)
    counts = whole["counts"]
    for damaged in (
        counts[:-1],
        counts + "1",
        "",
        "hello world",
        "oooo",
        "`" * 9,
        "o" + "Z" * 20,
        "\xff\xfe",
    ):
        with pytest.raises(DataError, match="the file is damaged"):
            decode({"size": [7, 9], "counts": damaged})
    with pytest.raises(DataError, match="63 pixels do not fill 7 x 8"):
        decode({"size": [7, 8], "counts": counts})


@pytest.mark.parametrize("seed", range(5))
def test_masks_of_all_kinds_pass_the_check(seed):
    random = np.random.default_rng(seed)
    for shape in ((1, 1), (480, 640), (33, 1000)):
        for mask in (random.random(shape) < random.random(), np.zeros(shape, bool), np.ones(shape, bool)):
            np.testing.assert_array_equal(decode(encode(mask)), mask)
    blob = np.zeros((480, 640), bool)
    blob[100:300, 50:600] = True
    np.testing.assert_array_equal(decode(encode(blob)), blob)


def test_a_corner_that_is_no_number_is_refused():
    with pytest.raises(DataError, match="not a number"):
        from_polygons([[1, 1, 5, 1, 5, float("nan")]], 7, 9)


def test_polygons_are_filled_and_joined():
    mask = from_polygons([[1, 1, 5, 1, 5, 4, 1, 4], [6, 0, 8, 0, 8, 2, 6, 2]], 7, 9)
    truth = np.zeros((7, 9), bool)
    truth[1:4, 1:5] = truth[0:2, 6:8] = True
    np.testing.assert_array_equal(mask, truth)
    assert from_polygons([], 7, 9).shape == (7, 9)


@pytest.mark.parametrize("polygon", [[1, 1, 5, 1], [1, 1, 5, 1, 5, 4, 1]])
def test_half_a_polygon_is_refused(polygon):
    with pytest.raises(DataError, match="two for each of 3 corners"):
        from_polygons([polygon], 7, 9)
