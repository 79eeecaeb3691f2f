"""When frames were taken, out of the stamps that a container has for them."""

from __future__ import annotations

import math


class FrameClock:
    """Turns stamps into seconds after the first frame that always rise.

    Some containers have no stamps at all (raw H.264), some none for their last frames (MPEG-4 in AVI), and in
    damaged files they jump back. Such a frame is taken to come one interval after the one before.

    Args:
        interval: seconds from frame to frame where no stamp tells, above 0.

    Attributes:
        frames: that were given a time.
        guessed: those among them whose stamp did not serve.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._origin = self._last = 0.0
        self.frames = self.guessed = 0

    def time(self, stamp: float) -> float:
        """The time of the next frame in seconds.

        Args:
            stamp: of the container in seconds; 0 or NaN where it has none.
        """
        self.frames += 1
        if self.frames == 1:
            # OpenCV has the time of decoding for a first frame at 0, which lies before 0 where frames are
            # stored in another order than they are shown in.
            self._origin = max(stamp, 0.0) if math.isfinite(stamp) else 0.0
            return 0.0
        time = stamp - self._origin
        if not (math.isfinite(time) and time > self._last):
            self.guessed += 1
            time = self._last + self._interval
        self._last = time
        return time

    @property
    def unreliable(self) -> bool:
        """Whether more stamps are missing than the few at the end that ordinary files lack."""
        return self.guessed > 3 or (self.frames > 1 and 2 * self.guessed >= self.frames)
