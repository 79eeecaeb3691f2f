"""The thread that shows a scene at its pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from samwise_ros.console.scene.shots import Shot, Shots

#: So far behind, the lost time is given up for lost: a camera does not hurry afterwards.
LATE_S = 0.2


class Player:
    """Shows one scene after the other, until it is closed.

    Args:
        show: called with each shot at its time, in the player's thread.
        report: called with a line where a scene ends by itself or by an error.
    """

    def __init__(self, show: Callable[[Shot], None], report: Callable[[str], object]) -> None:
        self._show, self._report = show, report
        self._changed = threading.Condition()
        self._shots: Shots | None = None
        self._number = 0
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    def play(self, shots: Shots) -> None:
        """Go over to another scene with the next shot."""
        with self._changed:
            self._shots, self._number = shots, self._number + 1
            self._changed.notify()

    def close(self) -> None:
        """End the thread, and free the scene."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or self._shots is not None)
                if self._ended:
                    return
                shots, self._shots = self._shots, None
                number = self._number
            assert shots is not None
            try:
                self._play(shots, number)
            except Exception as error:  # A camera that is pulled out, a file that is damaged.
                self._report(f"the scene ended: {error}")
            finally:
                if (close := getattr(shots, "close", None)) is not None:
                    close()

    def _play(self, shots: Shots, number: int) -> None:
        began: float | None = None
        for shot in shots:
            now = time.monotonic()
            if began is None or now - began - shot.time > LATE_S:
                began = now - shot.time
            if self._interrupted(began + shot.time - now, number):
                return
            self._show(shot)
        self._report("the scene has come to its end")

    def _interrupted(self, seconds: float, number: int) -> bool:
        """Wait, and return whether to leave this scene."""
        with self._changed:
            return self._changed.wait_for(lambda: self._ended or self._number != number, max(0.0, seconds))
