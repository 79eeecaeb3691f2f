"""The thread that draws: each picture once for all browsers, and none when nobody looks."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from samwise.errors import SamwiseError
from samwise_ros.console.frames import Sight
from samwise_ros.console.picture import jpeg, lit_up, overlap
from samwise_ros.errors import SamwiseRosError

QUALITY = 80
THUMBNAIL_WIDTH, THUMBNAIL_QUALITY = 200, 70
#: Events whose pictures wait to be drawn. A storm of events goes without.
MAX_THUMBNAILS = 8


@dataclass(frozen=True)
class Picture:
    """A picture as it is sent.

    Attributes:
        number: counts from 1.
        stamp_ns: of the image that it was drawn from.
        data: JPEG.
    """

    number: int
    stamp_ns: int
    data: bytes


class Painter:
    """Draws the newest sight while somebody waits for it.

    `show` and `illustrate` are called from the ROS thread, `next` from asyncio.

    Args:
        width: of the pictures at most, in pixels.
        report_overlap: called with the IoU of each picture drawn that has a true mask.
        report_error: called with what is wrong with a picture that cannot be drawn; None when one could.
    """

    def __init__(
        self,
        width: int,
        report_overlap: Callable[[float], None],
        report_error: Callable[[str | None], None],
    ) -> None:
        self._width, self._report_overlap, self._report_error = width, report_overlap, report_error
        self._wake = threading.Condition()
        self._sight: Sight | None = None
        self._thumbnails: deque[tuple[Sight | None, Sight, Callable[[bytes | None, bytes | None], None]]]
        self._thumbnails = deque(maxlen=MAX_THUMBNAILS)
        self._waiting: set[asyncio.Future[None]] = set()
        self._ended = False
        self.picture: Picture | None = None
        self.drawn = 0
        self._thread = threading.Thread(target=self._run, name="painter", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        self._thread.join()

    @property
    def lookers(self) -> int:
        """How many wait for a picture right now."""
        return len(self._waiting)

    def show(self, sight: Sight) -> None:
        """Have this drawn next, unless a newer one comes before."""
        with self._wake:
            self._sight = sight
            if self._waiting:
                self._wake.notify()

    def illustrate(
        self, before: Sight | None, after: Sight, done: Callable[[bytes | None, bytes | None], None]
    ) -> None:
        """Have two small pictures drawn; `done` is called with them from the painter's thread."""
        with self._wake:
            self._thumbnails.append((before, after, done))
            self._wake.notify()

    async def next(self, last: int) -> Picture:
        """Wait for a picture that is newer than number `last`, and return the newest."""
        while True:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            with self._wake:
                # What was drawn a while ago, for somebody else, is passed over if there is a newer sight.
                if self.picture is not None and self.picture.number > last and self._sight is None:
                    return self.picture
                self._waiting.add(waiting)
                self._wake.notify()
            try:
                await waiting
            finally:
                with self._wake:
                    self._waiting.discard(waiting)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(
                    lambda: self._ended or self._thumbnails or (self._sight is not None and self._waiting)
                )
                if self._ended:
                    return
                thumbnails = self._thumbnails.popleft() if self._thumbnails else None
                sight = None
                if self._waiting:
                    sight, self._sight = self._sight, None
            if sight is not None:
                self._draw(sight)
            if thumbnails is not None:
                before, after, done = thumbnails
                done(self._small(before), self._small(after))

    def _draw(self, sight: Sight) -> None:
        try:
            data = jpeg(lit_up(sight), self._width, QUALITY)
            iou = overlap(sight)
        except (SamwiseRosError, SamwiseError, ValueError, TypeError) as error:
            self._report_error(str(error))
            return
        self._report_error(None)
        if iou is not None:
            self._report_overlap(iou)
        with self._wake:
            self.drawn += 1
            self.picture = Picture(self.drawn, sight.stamp_ns, data)
            waiting = list(self._waiting)
        for future in waiting:
            future.get_loop().call_soon_threadsafe(_finish, future)

    def _small(self, sight: Sight | None) -> bytes | None:
        if sight is None:
            return None
        try:
            return jpeg(lit_up(sight), THUMBNAIL_WIDTH, THUMBNAIL_QUALITY)
        except (SamwiseRosError, SamwiseError, ValueError, TypeError):
            return None


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
