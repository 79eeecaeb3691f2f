import pytest

from samwise.train.recipe.schedule import learning_rate


def test_warms_up_then_falls_to_the_final_share():
    rates = [learning_rate(s, 100, 2.0, 10, 0.1) for s in range(100)]
    assert rates[:10] == pytest.approx([2.0 * (s + 1) / 11 for s in range(10)])
    assert rates[10] == pytest.approx(2.0) and rates[-1] == pytest.approx(0.2)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_constant_without_warmup_and_decay():
    assert {learning_rate(s, 5, 0.1, 0, 1.0) for s in range(5)} == {0.1}


def test_a_single_step_runs_at_the_peak():
    assert learning_rate(0, 1, 0.3, 0, 0.1) == pytest.approx(0.3)
