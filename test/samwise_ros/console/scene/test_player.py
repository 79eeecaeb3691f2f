from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from samwise_ros.console.scene.player import Player
from samwise_ros.console.scene.shots import Shot

WAIT_S = 30.0


class Stage:
    """Collects what is shown, and tells when enough is."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.lines: list[str] = []
        self.changed = threading.Condition()

    def show(self, shot: Shot) -> None:
        with self.changed:
            self.shown.append(shot.cue)
            self.changed.notify_all()

    def report(self, line: str) -> None:
        with self.changed:
            self.lines.append(line)
            self.changed.notify_all()

    def wait_for(self, condition: object) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, WAIT_S), (self.shown, self.lines)  # type: ignore[arg-type]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def player(stage: Stage) -> Iterator[Player]:
    player = Player(stage.show, stage.report)
    yield player
    player.close()


def shots(name: str, count: int, every: float = 0.0, closed: threading.Event | None = None) -> Iterator[Shot]:
    try:
        for index in range(count):
            yield Shot(np.zeros((2, 2, 3), np.uint8), index * every, cue=name)
    finally:
        if closed is not None:
            closed.set()


def test_a_scene_is_shown_to_its_end(player: Player, stage: Stage) -> None:
    player.play(shots("one", 5))
    stage.wait_for(lambda: stage.lines)
    assert stage.shown == ["one"] * 5
    assert "end" in stage.lines[0]


def test_another_scene_interrupts_the_one_that_waits(player: Player, stage: Stage) -> None:
    closed = threading.Event()
    player.play(shots("hourly", 9, every=3600.0, closed=closed))
    stage.wait_for(lambda: stage.shown == ["hourly"])
    player.play(shots("two", 2))
    stage.wait_for(lambda: stage.shown == ["hourly", "two", "two"])
    assert closed.wait(WAIT_S), "what the first held is freed"


def test_a_scene_that_breaks_is_told_and_the_next_one_is_shown(player: Player, stage: Stage) -> None:
    def broken() -> Iterator[Shot]:
        yield from shots("fine", 1)
        raise OSError("the camera was pulled out")

    player.play(broken())
    stage.wait_for(lambda: stage.lines)
    assert "pulled out" in stage.lines[0]
    player.play(shots("next", 1))
    stage.wait_for(lambda: stage.shown == ["fine", "next"])


def test_the_end_does_not_wait_for_the_next_shot(stage: Stage) -> None:
    player = Player(stage.show, stage.report)
    player.play(shots("hourly", 9, every=3600.0))
    stage.wait_for(lambda: stage.shown == ["hourly"])
    player.close()
