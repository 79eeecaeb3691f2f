"""How a command ends: with one line for an error, and quietly when somebody stops it."""

from __future__ import annotations

import errno
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO, TypeGuard

from samwise.errors import SamwiseError, UnfinishedError
from samwise.shell.lines import one_line

#: What a shell reports of a process that a signal has ended is 128 and the signal's number.
BY_SIGNAL = 128
BROKEN_PIPE = BY_SIGNAL + signal.SIGPIPE

_STOPPING = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)

_told: list[int] = []
"""Signals that came since the command began."""

AGAIN = 0.05
"""Seconds until a signal that got lost comes again."""


class Stopped(KeyboardInterrupt):
    """A signal asks the command to end. What cleans up after Ctrl-C cleans up after it, too.

    Attributes:
        number: of the signal.
        code: the exit code that belongs to it.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.code = BY_SIGNAL + number


def run_command(
    name: str,
    body: Callable[[], int],
    *,
    errors: tuple[type[Exception], ...] = (SamwiseError,),
    error_code: int = 2,
) -> int:
    """Run a command and return its exit code.

    Errors of the given classes become one line on stderr. Ctrl-C, SIGTERM and SIGHUP, at whatever moment, and
    a reader of the output that has gone away (`samwise info | head`) end it without a word, with the code
    that a shell expects. A signal that the parent has decided to ignore (nohup) stays ignored. Output for a
    full disk is an error of one line, too; a stream that the parent has closed (`>&-`) is not missed.

    Args:
        name: of the command, before the line of an error.
        body: does the work, with all imports that take their time.
        errors: with texts made for people.
        error_code: exit code after one of them, but for `UnfinishedError`.
    """
    _open_missing_streams()
    with _stopped_by_signals() as seen:
        try:
            code = _flushed(body)
        except KeyboardInterrupt as stop:
            code = code_of(stop)
        except BrokenPipeError:
            if not _reader_gone(sys.stdout, sys.stderr):
                raise
            code = BROKEN_PIPE
        except errors as error:
            _say(f"{name}: {error}")
            code = 1 if isinstance(error, UnfinishedError) else error_code
        except Exception as error:
            if seen:
                # Ctrl-C in the middle of an import surfaces as whatever the half-imported module makes of it.
                code = BY_SIGNAL + seen[0]
            elif _is_full(error):
                _say(f"{name}: cannot write the output ({error.strerror}); make room, or send it elsewhere")
                code = 1
            else:
                raise
        finally:
            _drop_output_without_reader()
    return code


def _flushed(body: Callable[[], int]) -> int:
    """Run a command until its output is out, that of argparse's help included."""
    try:
        code = body()
    except SystemExit as end:
        if not end.code:
            sys.stdout.flush()
            # Where nothing is buffered, argparse has already met the broken pipe, and has kept it to itself.
            if _reader_gone(sys.stdout):
                raise BrokenPipeError from None
        raise
    sys.stdout.flush()
    return code


@contextmanager
def _stopped_by_signals() -> Iterator[list[int]]:
    """Inside, stopping signals raise `Stopped`. Yields the list of those that came."""
    seen = _told
    seen.clear()
    if threading.current_thread() is not threading.main_thread():
        yield seen
        return

    def stop(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        raise Stopped(number)

    usual = sys.unraisablehook

    def lost(unraisable: sys.UnraisableHookArgs) -> None:
        # Python drops what is raised in a finalizer or a callback of C. The command would go on.
        if isinstance(unraisable.exc_value, Stopped):
            _send_again(unraisable.exc_value.number)
        else:
            usual(unraisable)

    previous = {n: signal.getsignal(n) for n in _STOPPING if signal.getsignal(n) is not signal.SIG_IGN}
    for number in previous:
        signal.signal(number, stop)
    sys.unraisablehook = lost
    try:
        yield seen
    finally:
        for number, handler in previous.items():
            # A second Ctrl-C while a stopped command goes down would only bring the traceback back.
            signal.signal(number, signal.SIG_IGN if seen else handler)
        sys.unraisablehook = usual


def _send_again(number: int) -> None:
    """Send the main thread a signal, once the finalizer that it came in the middle of is over."""
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(AGAIN, signal.pthread_kill, (main, number))
    timer.daemon = True
    timer.start()


def told_to_stop() -> bool:
    """Whether a signal has asked the command to end.

    `Stopped`, raised in the middle of an import, may surface as any other error: this tells what it was.
    """
    return bool(_told)


def code_of(stop: KeyboardInterrupt) -> int:
    """Return the exit code after Ctrl-C or another stopping signal, for who tidies up and then ends."""
    return getattr(stop, "code", BY_SIGNAL + signal.SIGINT)


def _reader_gone(*streams: TextIO) -> bool:
    """Whether it is one of our own streams that nobody reads any more, not some child's input."""
    poll = select.poll()
    for stream in streams:
        try:
            poll.register(stream.fileno(), 0)
        except (OSError, ValueError):
            continue
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _is_full(error: Exception) -> TypeGuard[OSError]:
    """Whether an error is that of a print to a full disk: an open file that has no name of its own."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, OSError) and error.filename is None and error.errno in full


def _open_missing_streams() -> None:
    """Give a process whose parent has closed its streams others, before a file takes their numbers."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - for good


def _drop_output_without_reader() -> None:
    """Keep the interpreter's own flush at its end from failing once more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(line: str) -> None:
    with suppress(OSError):
        print(one_line(line), file=sys.stderr)
