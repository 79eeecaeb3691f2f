import pytest

from samwise.bench.measure import Round
from samwise.bench.report import REST, WHOLE, comparison, frame_table, table, throughput, versus
from samwise.bench.spread import Spread


def rounds(wholes, others=None):
    return [
        Round({"walls": whole / 2, "roof": whole / 4}, whole / 4, whole, others and others[i])
        for i, whole in enumerate(wholes)
    ]


def test_quartiles():
    assert Spread.of([5, 1, 4, 2, 3], scale=10) == Spread(30, 20, 40)


def test_rows_are_in_order_and_in_milliseconds():
    rows = frame_table(("walls", "roof"), rounds([0.1, 0.2, 0.4]), {"walls": 3.0}, 5.0)
    assert [row.name for row in rows] == ["walls", "roof", REST, WHOLE]
    assert [row.ms.median for row in rows] == pytest.approx([100, 50, 50, 200])
    assert [row.gflop for row in rows] == [3.0, 0.0, 2.0, 5.0]


def test_the_table_gives_rates_where_there_is_arithmetic():
    lines = table(frame_table(("walls", "roof"), rounds([0.1, 0.2, 0.4]), {"walls": 3.0}, 5.0)).splitlines()
    assert len({len(line) for line in lines}) == 1
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[2] == ["walls", "100.00", "75.00 to 150.00", "3.00", "30"]
    assert cells[3] == ["roof", "50.00", "37.50 to 75.00", "", ""]


def test_the_ratio_is_taken_turn_by_turn():
    # The machine slows down fourfold on the way; the other takes twice our time throughout.
    result = versus("theirs", rounds([0.1, 0.2, 0.4], [0.2, 0.4, 0.8]))
    assert result.ratio == Spread(2, 2, 2) and result.ratio_of_medians == pytest.approx(2)
    assert result.ms.median == pytest.approx(400)
    assert "2.00 times ours" in comparison(result)


def test_nothing_to_compare_with():
    assert versus("theirs", rounds([0.1])) is None


def test_a_recording_has_a_rate():
    assert throughput(0.05).endswith("50.0 ms per frame, 20.0 frames per second")
