from collections.abc import Iterator

from samwise_ros.bags.reading.ordering import Read, merged


def source(*times: int, channel: int = 0, touched: list[int] | None = None) -> Iterator[Read]:
    if touched is not None:
        touched.append(channel)
    for time in times:
        yield Read(time, channel, b"")


def test_sources_that_overlap_come_out_in_order() -> None:
    found = merged([(1, source(1, 4, 9)), (2, source(2, 3, 10)), (0, source(0, 20))])
    assert [read.time_ns for read in found] == [0, 1, 2, 3, 4, 9, 10, 20]


def test_messages_of_one_time_keep_the_order_of_their_sources() -> None:
    found = merged([(5, source(5, 5, channel=0)), (5, source(5, channel=1))])
    assert [read.channel for read in found] == [0, 0, 1]


def test_a_source_is_not_touched_before_its_time() -> None:
    touched: list[int] = []
    found = merged(
        [(1, source(1, 2, channel=0, touched=touched)), (10, source(10, channel=1, touched=touched))]
    )
    next(found), next(found)
    assert touched == [0]
    assert [read.time_ns for read in found] == [10]


def test_empty_sources_are_no_end() -> None:
    assert [read.time_ns for read in merged([(0, source()), (3, source(3)), (1, source())])] == [3]
