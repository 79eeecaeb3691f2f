"""Which frames of a stream to take so that they follow each other evenly, and not too fast."""

from __future__ import annotations

from samwise.video.frames import Source

NANOSECONDS = 1_000_000_000
#: How much sooner than it is due a frame may come and still be taken, in periods: cameras are not exact.
EARLY = 0.15
#: How far behind the frame that is due a stamp lies when the stream has begun again, in periods.
AGAIN = 2.0
#: A source that is faster by less than this share is as fast as it should be.
ALIKE = 0.01


def suitable_rate(source: Source, trained_at: float | None) -> float:
    """How many frames per second of a source a model should see at most; 0: all.

    Args:
        source: of the frames. One without times of its own is taken whole.
        trained_at: frames per second that the model was trained on; None: not known.
    """
    if trained_at is None or not source.timed or source.rate <= trained_at * (1 + ALIKE):
        return 0.0
    return trained_at


class Pace:
    """Takes frames by their stamps, at most `rate` of them per second.

    Frames are due at regular times, from the first one on; the first frame that comes when one is due, or
    shortly before, is taken. So of 30 frames per second every third is taken for a rate of 10, of 15 two of
    three, and of 10 all, although some come a little early. A frame that only comes long after it was due
    begins a new count, as does one from long before: a recording that starts over.

    Args:
        rate: frames per second, above 0; 0: take all.

    Attributes:
        rate: as given.
    """

    def __init__(self, rate: float) -> None:
        self._period = self._due = 0
        self._begun = False
        self.change(rate)

    def change(self, rate: float) -> None:
        """Go by another rate from the next frame on, which is taken; the same rate changes nothing."""
        self.rate = rate
        period = round(NANOSECONDS / rate) if rate > 0 else 0
        if period != self._period:
            self._period, self._begun = period, False

    def takes(self, stamp_ns: int) -> bool:
        """Whether to take the next frame.

        Args:
            stamp_ns: when it was taken, in nanoseconds.
        """
        if not self._period:
            return True
        late = stamp_ns - self._due
        if not self._begun or late >= self._period or late < -AGAIN * self._period:
            self._begun, self._due = True, stamp_ns + self._period
            return True
        if late < -EARLY * self._period:
            return False
        self._due += self._period
        return True
