"""The executable `segmenter`. Light, so that a signal finds it ready to end from the first moment on."""

from __future__ import annotations

import signal

from samwise.shell.ending import BY_SIGNAL, run_command
from samwise_ros.errors import InputError

NAME = "segmenter"
_STOPPED = {BY_SIGNAL + number for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}


def main(args: list[str] | None = None) -> int:
    """Run the node until it is told to end. Returns the exit code; being told to end is no failure: 0."""
    code = run_command(NAME, lambda: _run(args), errors=(InputError,), error_code=1)
    return 0 if code in _STOPPED else code


def _run(args: list[str] | None) -> int:
    from samwise_ros.segmenter.node import run_segmenter

    return run_segmenter(args)
