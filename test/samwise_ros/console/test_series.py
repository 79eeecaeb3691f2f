from samwise_ros.console.limits import Allowance
from samwise_ros.console.series import Rate, Series


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_points_are_told_by_their_age_and_old_ones_go() -> None:
    clock = Clock()
    series = Series(span_s=10, every_s=0, clock=clock)
    series.add(1.0)
    clock.now += 6
    series.add(2.0)
    assert series.points() == [(-6.0, 1.0), (0.0, 2.0)]
    clock.now += 5
    assert series.points() == [(-5.0, 2.0)]
    assert series.last() == 2.0
    clock.now += 6
    assert series.last() is None


def test_a_fast_node_makes_no_more_points_than_a_slow_one() -> None:
    clock = Clock()
    series = Series(span_s=60, every_s=0.2, clock=clock)
    for value in range(600):
        series.add(value)
        clock.now += 0.01
    assert len(series.points()) < 40, "600 came in 6 seconds"
    assert series.last() == 599, "the newest is always there"


def test_a_rate_is_over_the_last_seconds() -> None:
    clock = Clock()
    rate = Rate(span_s=2, clock=clock)
    assert rate.per_second() == 0 and rate.age_s() is None
    for _ in range(8):
        rate.tick()
    assert rate.per_second() == 4
    clock.now += 1.5
    assert rate.age_s() == 1.5
    clock.now += 1.5
    assert rate.per_second() == 0 and rate.age_s() is None
    assert rate.total == 8


def test_an_allowance_lets_a_burst_through_and_then_a_steady_flow() -> None:
    clock = Clock()
    allowance = Allowance(per_second=2, burst=3, clock=clock)
    assert [allowance.take() for _ in range(5)] == [True, True, True, False, False]
    clock.now += 0.5
    assert [allowance.take() for _ in range(2)] == [True, False]
    clock.now += 3600
    assert [allowance.take() for _ in range(4)] == [True, True, True, False], "it does not save up"
