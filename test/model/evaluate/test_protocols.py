"""What the published scripts average, on records made by hand."""

import pytest

from samwise.data.layouts import LAYOUTS
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.protocols import JUDGES, protocol_of, published_numbers
from samwise.evaluate.records import Record
from samwise.evaluate.scores import Scores
from samwise.evaluate.switches import SwitchCounts

NOTHING = PackedMasks((0,), b"")


def record(video: str, expression: str, j: float, f: float, key: str = "0", overlap=None) -> Record:
    scores = Scores(j, f, None, 0, 0, SwitchCounts())
    return Record("valid", video, 0, expression, "", scores, NOTHING, key, overlap)


def test_every_layout_has_a_protocol():
    assert {protocol_of(layout) for layout in LAYOUTS} <= set(JUDGES)


def test_of_equal_texts_in_mevis_the_last_counts_once():
    records = [
        record("a", "the dog", 0.2, 0.4),
        record("a", "the cat", 0.6, 0.6),
        record("b", "the dog", 1.0, 0.8),
    ]
    found = published_numbers("mevis", records)
    assert found == pytest.approx({"by text J&F": 75.0, "by text J": 80.0, "by text F": 70.0})


def test_ref_davis17_is_the_mean_of_its_writers_whatever_the_number_of_objects():
    records = [record("a", "x", 0.1 * k, 0.2, key=str(4 * o + k)) for o in range(3) for k in range(4)]
    found = published_numbers("ref-davis17", records)
    assert found["writer 3 J"] == pytest.approx(30.0)
    assert (found["J"], found["F"], found["J&F"]) == pytest.approx((15.0, 20.0, 17.5))


def test_pictures_overall_is_by_pixels_and_mean_by_pictures():
    records = [record("a", "x", 0, 0, overlap=(90, 100)), record("b", "y", 0, 0, overlap=(0, 900))]
    found = published_numbers("refcoco+", [*records, record("c", "z", 0, 0, overlap=(0, 0))])
    assert found["overall IoU"] == pytest.approx(9.0)
    assert found["mean IoU"] == pytest.approx(190 / 3)
    # Nothing over nothing is 1, and 90 over 100 a little more than 0.9, as in the published script.
    assert found["P@0.5"] == found["P@0.9"] == pytest.approx(200 / 3)


def test_without_scores_there_are_no_numbers():
    assert published_numbers("mevis", [Record("valid", "a", 0, "x", "", None, NOTHING)]) == {}
