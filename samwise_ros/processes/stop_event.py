"""Being told to end by a signal, without an exception in the middle of something. Light to import."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopEvent(threading.Event):
    """Tells to stop, and which signal asked for it first.

    `threading.Event` holds a lock within `wait`, and a signal handler that sets it at that moment waits for
    itself forever. A pipe needs no lock.

    Attributes:
        number: of the signal; None where there was none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.number: int | None = None
        self._reader, self._writer = os.pipe()
        self._stopped = False

    def on_signal(self, number: int, _: FrameType | None) -> None:
        """Handle a signal."""
        if self.number is None:
            self.number = number
        self.set()

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._stopped

    def set(self) -> None:
        """Ask to stop."""
        if not self._stopped:
            self._stopped = True
            os.write(self._writer, b"x")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait that many seconds, or until asked to stop. Returns whether it was asked."""
        if not self._stopped:
            select.select([self._reader], [], [], timeout)
        return self._stopped

    def close(self) -> None:
        """Give back the pipe."""
        os.close(self._reader)
        os.close(self._writer)


@contextmanager
def stop_on_signals(even_if_ignored: Collection[signal.Signals] = ()) -> Iterator[StopEvent]:
    """Have SIGINT, SIGTERM and SIGHUP only set the event that this yields, also again and again.

    Args:
        even_if_ignored: those that are heard although the parent has decided to ignore them. The others stay
            ignored: `nohup` ignores SIGHUP, and a shell SIGINT for what it starts in the background.
    """
    stop = StopEvent()
    previous = {
        number: signal.signal(number, stop.on_signal)
        for number in STOPPING
        if number in even_if_ignored or signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        stop.close()
