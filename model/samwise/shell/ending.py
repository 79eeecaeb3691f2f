"""How a command ends: with one line for an error, and quietly when it is stopped."""

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

#: A shell reports a process that was ended by a signal as 128 plus the signal's number.
BY_SIGNAL = 128
BROKEN_PIPE = BY_SIGNAL + signal.SIGPIPE

_STOPPING = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)

_told: list[int] = []
"""Signals received since the command began."""

AGAIN = 0.05
"""Seconds until a lost signal is sent again."""


class Stopped(KeyboardInterrupt):
    """A signal has asked the command to end. Whatever cleans up after Ctrl-C also cleans up after this.

    Attributes:
        number: the signal's number.
        code: the matching exit code.
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

    Errors of the given classes become one line on stderr. Ctrl-C, SIGTERM and SIGHUP, at any moment, and
    a reader of the output that has gone away (`samwise info | head`) end it silently, with the code
    that a shell expects. A signal that the parent has decided to ignore (nohup) stays ignored. Output to a
    full disk is also a one-line error; a stream that the parent has closed (`>&-`) does no harm.

    Args:
        name: the command's name, which starts the line of an error.
        body: does the work, including all slow imports.
        errors: classes whose messages are meant for users.
        error_code: exit code after one of them, except `UnfinishedError`.
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
    """Run a command and flush its output, argparse's help included."""
    try:
        code = body()
    except SystemExit as end:
        if not end.code:
            sys.stdout.flush()
            # If nothing is buffered, argparse has already met the broken pipe, and has swallowed the error.
            if _reader_gone(sys.stdout):
                raise BrokenPipeError from None
        raise
    sys.stdout.flush()
    return code


@contextmanager
def _stopped_by_signals() -> Iterator[list[int]]:
    """Make stopping signals raise `Stopped` inside the block. Yields the list of those received."""
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
        # Python drops what is raised in a finalizer or a C callback, so the command would go on.
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
            # A second Ctrl-C while a stopped command shuts down would only bring the traceback back.
            signal.signal(number, signal.SIG_IGN if seen else handler)
        sys.unraisablehook = usual


def _send_again(number: int) -> None:
    """Send the main thread the signal again, once the finalizer that it interrupted is over."""
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(AGAIN, signal.pthread_kill, (main, number))
    timer.daemon = True
    timer.start()


def told_to_stop() -> bool:
    """Whether a signal has asked the command to end.

    `Stopped`, raised in the middle of an import, may surface as any other error: this tells them apart.
    """
    return bool(_told)


def code_of(stop: KeyboardInterrupt) -> int:
    """Return the exit code after Ctrl-C or another stopping signal, for callers that tidy up first."""
    return getattr(stop, "code", BY_SIGNAL + signal.SIGINT)


def _reader_gone(*streams: TextIO) -> bool:
    """Whether nobody reads one of our own streams any more (rather than some child's input)."""
    poll = select.poll()
    for stream in streams:
        try:
            poll.register(stream.fileno(), 0)
        except (OSError, ValueError):
            continue
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _is_full(error: Exception) -> TypeGuard[OSError]:
    """Whether an error comes from printing to a full disk: that error names no file."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, OSError) and error.filename is None and error.errno in full


def _open_missing_streams() -> None:
    """Replace the streams that the parent has closed, before an opened file takes their numbers."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - for good


def _drop_output_without_reader() -> None:
    """Keep the interpreter's own flush at exit from failing again."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(line: str) -> None:
    with suppress(OSError):
        print(one_line(line), file=sys.stderr)
