"""Videos and cameras of yours as scenes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from samwise.video.frames import Source
from samwise.video.sources import open_source
from samwise_ros.console.scene.shots import Shot, Shots


def camera(where: str) -> Shots:
    """Show a camera, by its index ("0"), its device or its address.

    Raises:
        FrameError: if it cannot be opened.
    """
    return _frames(open_source(where), 0.0)


def video(path: Path) -> Shots:
    """Show a video file in a loop.

    Raises:
        FrameError: if it cannot be read.
    """
    return _loop(path, open_source(str(path)))


def _loop(path: Path, first: Source) -> Iterator[Shot]:
    source, begun = first, 0.0
    while True:
        last = begun
        for shot in _frames(source, begun):
            last = shot.time
            yield shot
        begun = last + 1.0 / source.rate
        source = open_source(str(path))


def _frames(source: Source, begun: float) -> Iterator[Shot]:
    for frame in source.frames:
        yield Shot(frame.image, begun + frame.time)
