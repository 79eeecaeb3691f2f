"""The executable `segmenter`. Light, so that a signal finds it ready to end from the first moment on."""

from __future__ import annotations

import os
import sys

from samwise_ros.processes.stop_event import stop_on_signals

NAME = "segmenter"


def main(args: list[str] | None = None) -> int:
    """Run the node until it is told to end. Returns the exit code: 0 if it was told to end."""
    _open_missing_streams()
    with stop_on_signals() as stop:
        from samwise_ros.errors import InputError
        from samwise_ros.segmenter.run import run_segmenter

        try:
            run_segmenter(args, stop)
        except InputError as error:
            print(f"{NAME}: {error}", file=sys.stderr)
            return 1
    return 0


def _open_missing_streams() -> None:
    """Give a process whose parent has closed its streams others, before a socket takes their numbers."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free, which is this one.
            os.open(os.devnull, os.O_RDWR)
