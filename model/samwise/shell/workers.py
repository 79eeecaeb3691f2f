"""Worker processes that end with their parent, whatever ends it, and do so silently."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from samwise.errors import SamwiseError

Answer = TypeVar("Answer")


class Workers:
    """A pool of processes that take calls.

    Use as a context manager. However the block ends, the processes have ended by then: at once after an
    exception or a signal, otherwise when their work is done.

    Args:
        count: how many at most.
        prepare: called first in each process, with `arguments`; None: nothing is called.
        arguments: for `prepare`.
    """

    def __init__(self, count: int, prepare: Callable[..., None] | None = None, *arguments: Any) -> None:
        # Forking a process that has run torch can leave its threads' locks taken forever.
        context = multiprocessing.get_context("spawn")
        self._others = set(multiprocessing.active_children())
        with deaf_children():  # The first of them is Python's own, which cleans up after the others.
            self._pool = ProcessPoolExecutor(count, context, _prepare, (prepare, arguments))

    def submit(self, work: Callable[..., Answer], *arguments: Any) -> Future[Answer]:
        """Submit a call. Function, arguments and answer are pickled."""
        with deaf_children():
            return self._pool.submit(work, *arguments)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None:
            for child in set(multiprocessing.active_children()) - self._others:
                child.kill()
        self._pool.shutdown(cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            raise SamwiseError(
                "a worker process ended in the middle of its work, perhaps for lack of memory; use "
                "fewer of them: --workers"
            ) from error


@contextmanager
def deaf_children() -> Iterator[None]:
    """Shield processes started inside from a terminal's signals to the group: their parent ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _prepare(prepare: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    if prepare is not None:
        prepare(*arguments)


def _end_with_parent() -> None:
    """End when the parent does: a parent that is killed tells nobody."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    multiprocessing.connection.wait([parent.sentinel])
    os._exit(1)
