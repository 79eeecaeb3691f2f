import threading

import pytest

from samwise_ros.bags.play.schedule import Event, Pacer, with_clock_ticks

SECOND = 1_000_000_000


class Clock:
    """A steady clock that only `wait` and the test move."""

    def __init__(self) -> None:
        self.now_ns = 42 * SECOND
        self.waits: list[float] = []

    def now(self) -> int:
        return self.now_ns

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now_ns += round(seconds * SECOND)
        return False


def pacer(clock: Clock, rate: float = 1.0) -> Pacer:
    return Pacer(7 * SECOND, rate, threading.Event(), now=clock.now, wait=clock.wait)


def test_a_late_event_makes_no_later_event_late() -> None:
    clock = Clock()
    pace = pacer(clock)
    for index in range(1, 4):
        pace.wait_until(7 * SECOND + index * SECOND)
        clock.now_ns += SECOND // 4  # publishing takes a quarter of a second
    assert clock.waits == pytest.approx([1.0, 0.75, 0.75])


def test_an_event_that_is_due_is_not_waited_for() -> None:
    clock = Clock()
    pace = pacer(clock)
    clock.now_ns += 5 * SECOND
    assert pace.wait_until(8 * SECOND)
    assert clock.waits == [0.0]


def test_rate_two_halves_the_waits() -> None:
    clock = Clock()
    pacer(clock, rate=2.0).wait_until(8 * SECOND)
    assert clock.waits == [0.5]


def test_the_stop_signal_ends_the_wait() -> None:
    stop = threading.Event()
    stop.set()
    assert not Pacer(0, 1.0, stop).wait_until(3600 * SECOND)


def test_a_clock_tick_goes_before_the_event_of_its_time() -> None:
    seen: list[object] = []
    events = [Event(stamp, lambda stamp=stamp: seen.append(f"event {stamp}")) for stamp in (10, 15)]
    for event in with_clock_ticks(events, (0, 10, 20), lambda stamp: seen.append(f"tick {stamp}")):
        event.act()
    assert seen == ["tick 0", "tick 10", "event 10", "event 15", "tick 20"]
