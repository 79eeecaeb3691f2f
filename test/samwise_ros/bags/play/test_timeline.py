from samwise_ros.bags.play.timeline import Timeline

YEAR = round(365.25 * 86400) * 10**9
EARLY, LATE = (10, 30), (YEAR, YEAR + 50)
LINE = Timeline([EARLY, LATE])


def test_between_two_stretches_no_time_passes() -> None:
    assert LINE.length == 70
    assert [LINE.position(time) for time in (10, 25, 30, YEAR, YEAR + 50)] == [0, 15, 20, 20, 70]


def test_times_in_a_gap_and_outside_are_at_the_edges() -> None:
    assert [LINE.position(time) for time in (0, 31, YEAR - 1, 2 * YEAR)] == [0, 20, 20, 70]


def test_positions_have_times() -> None:
    assert [LINE.time_at(position) for position in (0, 15, 20, 21, 70)] == [10, 25, 30, YEAR + 1, YEAR + 50]


def test_one_message_is_a_stretch_as_well() -> None:
    single = Timeline([(5, 5), (YEAR, YEAR)])
    assert single.length == 0
    assert single.position(YEAR) == single.position(5) == 0
    assert single.time_at(0) == 5


def test_no_tick_lies_in_a_gap() -> None:
    assert list(LINE.ticks(15, YEAR + 20, 10)) == [15, 25, YEAR, YEAR + 10, YEAR + 20]


def test_gaps_are_told_a_few_at_a_time() -> None:
    assert Timeline([EARLY]).gaps() == ""
    second = 10**9
    assert Timeline([(0, second), (7201 * second, 7202 * second)]).gaps() == "2.0 hours after 1.0 s"
    many = Timeline([(n * YEAR, n * YEAR) for n in range(7)])
    assert many.gaps() == ", ".join(["365.2 days after 0.0 s"] * 3 + ["3 more"])
