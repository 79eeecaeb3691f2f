import threading

from samwise_ros.segmenter.frame_slot import FrameSlot


def test_the_taker_gets_the_latest_and_the_rest_is_counted() -> None:
    slot: FrameSlot[int] = FrameSlot()
    for item in (1, 2, 3):
        slot.put(item)
    assert slot.take() == 3
    assert slot.dropped == 2


def test_an_item_that_was_taken_is_not_dropped_by_the_next() -> None:
    slot: FrameSlot[int] = FrameSlot()
    slot.put(1)
    slot.take()
    slot.put(2)
    assert slot.dropped == 0


def test_closing_wakes_a_waiting_taker() -> None:
    slot: FrameSlot[int] = FrameSlot()
    taken: list[int | None] = [0]
    taker = threading.Thread(target=lambda: taken.append(slot.take()))
    taker.start()
    slot.close()
    taker.join(10)
    assert taken == [0, None]


def test_closing_drops_what_is_there_and_what_comes_after() -> None:
    slot: FrameSlot[int] = FrameSlot()
    slot.put(1)
    slot.close()
    slot.put(2)
    assert slot.take() is None
    assert slot.dropped == 2
