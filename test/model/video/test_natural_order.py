import random

import pytest

from samwise.video.natural_order import natural_key


@pytest.mark.parametrize(
    "names",
    [
        ["frame_1", "frame_2", "frame_10", "frame_11"],
        ["1", "2", "10"],
        ["1_2", "1_10", "2_1", "10_1"],
        ["a1b2", "a1b10", "a2b1", "b1"],
        ["01", "1", "02", "2", "10"],
        ["00000", "00001", "99999", "100000"],
        ["v1.9", "v1.10"],
        ["1732579200.25", "1732579200.5", "1732579201.0"],
        ["a", "a1", "a1-1", "b"],
        ["2024-11-09", "2024-11-10", "2024-12-01"],
        ["1" * 40, "2" * 40],
    ],
)
def test_numbers_count(names):
    shuffled = names[:]
    random.Random(0).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == names
    assert sorted(names, key=natural_key) == names
