from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from rclpy.serialization import serialize_message
from std_msgs.msg import Header

from samwise_ros.console.frames import Sight
from samwise_ros.console.painter import Painter, Picture
from samwise_ros.messages.images import to_message

WAIT_S = 30.0


def sight(stamp: int) -> Sight:
    pixels = np.zeros((8, 8, 3), np.uint8)
    return Sight(stamp, bytes(serialize_message(to_message(pixels, "rgb8", Header()))))


class Told:
    def __init__(self) -> None:
        self.errors: list[str | None] = []
        self.failed = threading.Event()

    def error(self, text: str | None) -> None:
        self.errors.append(text)
        if text is not None:
            self.failed.set()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def painter(told: Told) -> Iterator[Painter]:
    painter = Painter(640, lambda iou: None, told.error)
    yield painter
    painter.close()


async def within(work: asyncio.Future[Picture] | asyncio.Task[Picture]) -> Picture:
    return await asyncio.wait_for(work, WAIT_S)


def test_nothing_is_drawn_when_nobody_looks(painter: Painter) -> None:
    for stamp in range(1, 20):
        painter.show(sight(stamp))
    assert painter.drawn == 0

    async def look() -> Picture:
        return await asyncio.wait_for(painter.next(0), WAIT_S)

    assert asyncio.run(look()).stamp_ns == 19, "and then the newest, not what waits longest"
    assert painter.drawn == 1


def test_all_lookers_get_one_and_the_same_picture(painter: Painter) -> None:
    async def look() -> list[Picture]:
        lookers = [asyncio.ensure_future(painter.next(0)) for _ in range(10)]
        while painter.lookers < 10:
            await asyncio.sleep(0)
        painter.show(sight(1))
        return [await within(looker) for looker in lookers]

    pictures = asyncio.run(look())
    assert len({id(picture) for picture in pictures}) == 1
    assert painter.drawn == 1


def test_a_slow_looker_skips_what_it_missed(painter: Painter) -> None:
    async def look() -> list[int]:
        seen = []
        last = 0
        for stamp in (1, 5, 9):
            for missed in range(stamp, stamp + 3):
                painter.show(sight(missed))
            picture = await asyncio.wait_for(painter.next(last), WAIT_S)
            seen.append(picture.stamp_ns)
            last = picture.number
        return seen

    assert asyncio.run(look()) == [3, 7, 11]


def test_a_looker_who_leaves_is_forgotten(painter: Painter) -> None:
    async def look() -> None:
        looker = asyncio.ensure_future(painter.next(0))
        while not painter.lookers:
            await asyncio.sleep(0)
        looker.cancel()
        await asyncio.gather(looker, return_exceptions=True)

    asyncio.run(look())
    assert painter.lookers == 0


def test_a_picture_that_cannot_be_drawn_is_told_and_the_next_one_comes(painter: Painter, told: Told) -> None:
    broken = to_message(np.zeros((8, 8, 3), np.uint8), "rgb8", Header())
    broken.encoding = "made-up"

    async def look() -> Picture:
        looker = asyncio.ensure_future(painter.next(0))
        painter.show(Sight(1, bytes(serialize_message(broken))))
        await asyncio.get_running_loop().run_in_executor(None, told.failed.wait, WAIT_S)
        painter.show(sight(2))
        return await within(looker)

    assert asyncio.run(look()).stamp_ns == 2
    assert "made-up" in str(told.errors[0]) and told.errors[-1] is None


def test_events_are_illustrated_without_anybody_looking(painter: Painter) -> None:
    done = threading.Event()
    drawn: list[bytes | None] = []

    def take(before: bytes | None, after: bytes | None) -> None:
        drawn.extend((before, after))
        done.set()

    painter.illustrate(None, sight(1), take)
    assert done.wait(WAIT_S)
    assert drawn[0] is None and drawn[1] is not None and drawn[1].startswith(b"\xff\xd8")
