from __future__ import annotations

import threading

import pytest
from builtin_interfaces.msg import Time
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise.video.pace import Pace
from samwise_ros.segmenter.counters import Counters
from samwise_ros.segmenter.frame_flow import FrameFlow


class Processor:
    """Counts like the real one; holds a frame until `release` is set."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.begun, self.release, self.told = threading.Event(), threading.Event(), threading.Event()
        self.errors: list[Exception] = []
        self.error: Exception | None = None

    def handle(self, image) -> None:
        self.begun.set()
        assert self.release.wait(10)
        if self.error is not None:
            raise self.error
        self.counters.processed += 1

    def failed(self, error: Exception) -> None:
        self.counters.failed += 1
        self.errors.append(error)
        self.told.set()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def processor() -> Processor:
    return Processor()


def flow_of(
    processor: Processor, *, rate: float = 0.0, alive: bool = True, clock: Clock | None = None
) -> FrameFlow:
    return FrameFlow(processor, processor.counters, Pace(rate), lambda: alive, clock or Clock())


def image(milliseconds: int = 0) -> Image:
    return Image(header=Header(stamp=Time(nanosec=1_000_000 * milliseconds)))


def test_every_image_is_accounted_for_and_the_last_waits_for_the_one_in_work(processor) -> None:
    flow = flow_of(processor)
    flow.start()
    flow.put(image())
    assert processor.begun.wait(10)
    for _ in range(2):
        flow.put(image())
    assert not flow.stop(), "the first is still in work"
    processor.release.set()
    assert flow.stop(10)
    assert flow.counts() == Counters(received=3, dropped=2, processed=1)


def test_a_failure_is_told_and_the_next_image_is_taken(processor) -> None:
    flow = flow_of(processor)
    processor.error = ValueError("no")
    processor.release.set()
    flow.start()
    flow.put(image())
    assert processor.told.wait(10)
    assert flow.stop(10)
    assert processor.errors == [processor.error]


def test_what_fails_because_the_process_ends_is_no_failure(processor) -> None:
    flow = flow_of(processor, alive=False)
    processor.error = ValueError("the context is gone")
    processor.release.set()
    flow.start()
    flow.put(image())
    assert processor.begun.wait(10)
    assert flow.stop(10)
    assert processor.errors == []


def test_silence_is_counted_from_the_start_and_from_the_last_image(processor) -> None:
    clock = Clock()
    flow = flow_of(processor, clock=clock)
    clock.now = 4.0
    assert flow.silent_s == 4.0
    flow.put(image())
    clock.now = 5.0
    assert flow.silent_s == 1.0


def test_a_report_tells_what_came_since_the_last_one(processor) -> None:
    flow = flow_of(processor)
    assert flow.report() is None, "nothing to tell"
    flow.put(image())
    flow.put(image())
    assert "received 2, left_out 0, dropped 1" in str(flow.report())
    assert flow.report() is None
    flow.put(image())
    line = str(flow.report())
    assert line.startswith("received 1, left_out 0, dropped 1")
    assert "in all: received 3, left_out 0, dropped 2" in line


def test_images_that_come_too_soon_are_left_out_and_do_not_replace_the_one_that_waits(processor) -> None:
    flow = flow_of(processor, rate=10.0)
    flow.start()
    flow.put(image(100))
    assert processor.begun.wait(10)
    for milliseconds in (133, 167, 200, 233, 267):
        flow.put(image(milliseconds))
    assert flow.counts() == Counters(received=6, left_out=4)
    processor.release.set()
    assert flow.stop(10)
    # The one at 200 ms was taken, and either computed or dropped when the flow stopped.
    counts = flow.counts()
    assert counts.left_out == 4 and counts.processed + counts.dropped == 2


def test_images_without_a_stamp_go_by_their_arrival(processor) -> None:
    clock = Clock()
    flow = flow_of(processor, rate=10.0, clock=clock)
    for tenth in range(1, 31):
        clock.now = tenth / 30
        flow.put(image())
    assert flow.counts().left_out == 20


def test_during_a_pause_images_are_left_out_and_the_one_that_waits_is_dropped(processor) -> None:
    flow = flow_of(processor)
    flow.start()
    flow.put(image())
    assert processor.begun.wait(10)
    flow.put(image(1))
    flow.pause(True)
    flow.put(image(2))
    processor.release.set()
    flow.pause(False)
    assert flow.stop(10)
    assert flow.counts() == Counters(received=3, left_out=1, dropped=1, processed=1)
