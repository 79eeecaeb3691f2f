from samwise_ros.console.events import CAPACITY, CONFIRM_FRAMES, Events, Kind, Presence


def test_a_flicker_is_no_event() -> None:
    presence = Presence()
    seen = [presence.see(bool(frame % 2)) for frame in range(50)]
    assert seen == [None] * 50


def test_found_and_lost_come_once_each_when_confirmed() -> None:
    presence = Presence()
    told = [presence.see(True) for _ in range(10)] + [presence.see(False) for _ in range(10)]
    assert told[CONFIRM_FRAMES - 1] == Kind.FOUND
    assert told[10 + CONFIRM_FRAMES - 1] == Kind.LOST
    assert len([word for word in told if word]) == 2


def test_what_was_never_seen_is_not_lost() -> None:
    presence = Presence()
    assert all(presence.see(False) is None for _ in range(10))
    presence.restart()
    for _ in range(CONFIRM_FRAMES):
        presence.see(True)
    presence.restart()
    assert all(presence.see(False) is None for _ in range(10))


def test_pictures_come_to_their_event_later() -> None:
    events = Events()
    first = events.add(Kind.FOUND, "found the dog")
    events.add(Kind.LOST, "lost the dog")
    events.illustrate(first, b"before", b"after")
    newest, older = events.list()
    assert (newest.kind, newest.before) == (Kind.LOST, None)
    assert (older.number, older.before, older.after) == (first, b"before", b"after")


def test_only_the_last_events_are_kept() -> None:
    events = Events()
    first = events.add(Kind.NODE, "first")
    for _ in range(CAPACITY):
        events.add(Kind.NODE, "more")
    events.illustrate(first, b"too", b"late")
    assert len(events.list()) == CAPACITY
    assert {event.text for event in events.list()} == {"more"}
