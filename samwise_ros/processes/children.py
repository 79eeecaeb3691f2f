"""Child processes that never outlive their parent's interest in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from samwise_ros.processes.errors import ProcessError

#: What is tried to end a process, and how long it may take each time. The first is what Ctrl-C does.
ENDINGS = ((signal.SIGINT, 10.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0))

TAIL_LINES = 15


class Process:
    """A Python module that runs in a process group of its own.

    In a group of its own, because Ctrl-C at a terminal reaches the whole foreground group: the children
    would then end in any order, while the parent still waits for their last words.

    Args:
        name: for messages.
        module: to run, as in `python -m`.
        arguments: for it.
        log: file for what it prints; None: the same terminal.
    """

    def __init__(self, name: str, module: str, arguments: Sequence[str], log: Path | None = None) -> None:
        self.name, self._log = name, log
        # A parent in the background of a shell, or a service, ignores Ctrl-C, and its children inherit that.
        deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        self._endings = tuple(ending for ending in ENDINGS if not (deaf and ending[0] is signal.SIGINT))
        output = subprocess.DEVNULL if log is None else log.open("wb")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=None if log is None else output,
                stderr=None if log is None else subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            if not isinstance(output, int):
                output.close()

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its group."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """What it ended with; None while it runs."""
        return self._process.poll()

    def check_running(self) -> None:
        """Raise ProcessError, with its last words, if it has ended."""
        if not self.running:
            raise ProcessError(
                f"{self.name} ended with exit code {self._process.returncode}{self.last_words()}"
            )

    def check_success(self) -> None:
        """Raise ProcessError, with its last words, if it has ended with another exit code than 0."""
        if self._process.poll():
            self.check_running()

    def end(self) -> int:
        """End it, politely at first, and return its exit code."""
        for signal_number, patience in self._endings:
            if not self.running:
                break
            try:
                os.killpg(self.pid, signal_number)
                self._process.wait(patience)
            except (subprocess.TimeoutExpired, ProcessLookupError):
                continue
        return self._process.wait()

    def last_words(self) -> str:
        """Return the end of its log, for a message about it; "" without a log."""
        if self._log is None:
            return ""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:]
        return "\n" + "\n".join(f"  | {line}" for line in lines) + f"\n  all of it: {self._log}"


class Processes:
    """Several of them, ended together, the last started first, however the `with` block is left."""

    def __init__(self) -> None:
        self._processes: list[Process] = []

    def start(self, name: str, module: str, arguments: Sequence[str], log: Path | None = None) -> Process:
        """Start another one; see `Process`."""
        process = Process(name, module, arguments, log)
        self._processes.append(process)
        return process

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A second Ctrl-C must not stop the ending half way; it is bounded anyway.
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for process in reversed(self._processes):
                process.end()
        finally:
            signal.signal(signal.SIGINT, previous)
