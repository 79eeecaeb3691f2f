import threading

from samwise_ros.segmenter.frame_slot import FrameSlot
from samwise_ros.segmenter.worker import Worker


def test_an_item_that_fails_is_reported_and_the_next_is_handled() -> None:
    slot: FrameSlot[int] = FrameSlot()
    errors: list[Exception] = []
    reported, handled = threading.Event(), threading.Event()

    def handle(item: int) -> None:
        if item < 0:
            raise RuntimeError("negative")
        handled.set()

    def on_error(error: Exception) -> None:
        errors.append(error)
        reported.set()

    worker = Worker(slot, handle, on_error)
    worker.start()
    slot.put(-1)
    assert reported.wait(10)
    slot.put(1)
    assert handled.wait(10)
    assert worker.stop(10)
    assert [str(error) for error in errors] == ["negative"]


def test_stopping_finishes_the_item_in_work_and_takes_no_other() -> None:
    slot: FrameSlot[int] = FrameSlot()
    begun, release = threading.Event(), threading.Event()
    done: list[int] = []

    def handle(item: int) -> None:
        begun.set()
        release.wait(10)
        done.append(item)

    worker = Worker(slot, handle, lambda error: None)
    worker.start()
    slot.put(1)
    assert begun.wait(10)
    slot.put(2)
    assert not worker.stop(0.0), "it is still at work"
    release.set()
    assert worker.stop(10)
    assert done == [1]
    assert slot.dropped == 1
