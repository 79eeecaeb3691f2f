from typing import Any

import pytest

from samwise_ros.console.events import CAPACITY, Events, Kind
from samwise_ros.console.happenings import AFTERWARDS, Happenings


class Illustrator:
    """Draws by writing the sights' names, and counts."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, before: Any, after: Any, done: Any) -> None:
        self.drawn += 1
        done(None if before is None else before.encode(), after.encode())


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def illustrator() -> Illustrator:
    return Illustrator()


@pytest.fixture
def happenings(events, illustrator) -> Any:
    return Happenings(events, illustrator)


def test_an_event_gets_a_picture_from_before_and_one_from_when_it_shows(happenings, events) -> None:
    for name in ("a", "b", "c", "d", "e"):
        happenings.see(name)
    happenings.add(Kind.SWITCHED, "another one")
    for name in ("f", "g", "h", "i")[: AFTERWARDS + 1]:
        happenings.see(name)
    (event,) = events.list()
    assert (event.before, event.after) == (b"b", b"h")


def test_an_event_before_the_first_mask_has_no_picture_from_before(happenings, events) -> None:
    happenings.add(Kind.SENTENCE, "the dog")
    for name in "abc"[:AFTERWARDS]:
        happenings.see(name)
    (event,) = events.list()
    assert (event.before, event.after) == (None, b"c")


def test_events_without_masks_do_not_pile_up(happenings, illustrator) -> None:
    for _ in range(3 * CAPACITY):
        happenings.add(Kind.NODE, "gone")
    for _ in range(AFTERWARDS):
        happenings.see("a")
    assert illustrator.drawn == CAPACITY
