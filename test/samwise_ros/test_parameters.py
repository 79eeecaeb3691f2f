from __future__ import annotations

import pytest
from rclpy.parameter import Parameter

from samwise_ros.parameters import check_change


@pytest.mark.parametrize("name", ["checkpoint", "device", "precision"])
def test_what_the_model_is_made_of_is_fixed_while_it_is_loaded(name: str) -> None:
    change = [Parameter(name, value="float16")]
    refusal = check_change(change, configured=True)
    assert not refusal.successful
    assert name in refusal.reason
    assert "configure again" in refusal.reason
    assert check_change(change, configured=False).successful


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [("precision", "int8", "'int8'"), ("expression", "  ", "blank"), ("expression", "x" * 10_000, "10000")],
)
def test_refusal_names_the_value(name: str, value: str, named: str) -> None:
    refusal = check_change([Parameter(name, value=value)], configured=False)
    assert not refusal.successful
    assert named in refusal.reason


@pytest.mark.parametrize(
    ("name", "value"), [("mask_threshold", 0.25), ("expression", "the dog"), ("expression", "")]
)
def test_what_may_change_at_any_time(name: str, value: object) -> None:
    assert check_change([Parameter(name, value=value)], configured=True).successful


def test_one_bad_change_among_good_ones_is_found() -> None:
    changes = [Parameter("mask_threshold", value=0.25), Parameter("expression", value=" ")]
    assert not check_change(changes, configured=True).successful
