from samwise_ros.segmenter.counters import Counters


def test_difference_of_two_readings() -> None:
    counters = Counters(received=5, processed=3)
    earlier = counters.copy()
    counters.received, counters.dropped = 9, 1
    assert counters.since(earlier) == Counters(received=4, dropped=1)


def test_log_line() -> None:
    assert str(Counters(9, 2, 1, 4, 0, 2)) == (
        "received 9, left_out 2, dropped 1, processed 4, failed 0, unasked 2"
    )
