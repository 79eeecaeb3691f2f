import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from constraints_for_machine import adapt

LINES = [
    "# made by make lock",
    "numpy==2.2.6 ; python_full_version < '3.11'",
    "numpy==2.4.6 ; python_full_version >= '3.11'",
    "opencv-python-headless==5.0.0.93",
    "torch==2.13.0",
    "torchmetrics==1.0",
]


def test_what_the_machine_has_replaces_every_pin_of_that_name() -> None:
    assert adapt(LINES, {"torch": "2.5.1+cu121"}) == [*LINES[:4], "torchmetrics==1.0", "torch==2.5.1+cu121"]


@pytest.mark.parametrize(("version", "free"), [("1.26.4", True), ("2.1.0", False)])
def test_numpy_1_frees_what_asks_for_numpy_2(version: str, free: bool) -> None:
    adapted = adapt(LINES, {"numpy": version})
    assert ("opencv-python-headless==5.0.0.93" not in adapted) == free
    assert [line for line in adapted if line.startswith("numpy")] == [f"numpy=={version}"]


def test_a_bare_machine_gets_the_pins_as_they_are() -> None:
    assert adapt(LINES, {}) == LINES
