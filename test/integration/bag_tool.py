"""A bag tool in a process of its own, and the fixture that starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import pytest

#: A bound, not an expectation.
PATIENCE_S = 60.0


class Tool:
    """A bag tool in a process of its own.

    Args:
        module: as in `python -m samwise_ros.bags.MODULE`.
        arguments: of its command line.
    """

    def __init__(self, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", f"samwise_ros.bags.{module}", *map(str, arguments)]
        # A file, not a pipe: it can be read while the tool runs, and never holds it up.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(command, stdout=self._output, stderr=subprocess.STDOUT)

    @property
    def output(self) -> str:
        """What it has said so far."""
        size = os.fstat(self._output.fileno()).st_size
        # Read beside the position in the file, which is where the tool writes on.
        return os.pread(self._output.fileno(), size, 0).decode()

    def wait(self) -> tuple[int, str]:
        """Return exit code and output."""
        code = self._process.wait(PATIENCE_S)
        return code, self.output

    def interrupt(self, *numbers: signal.Signals) -> tuple[int, str]:
        """Send signals, by default what Ctrl-C sends, and wait."""
        for number in numbers or (signal.SIGINT,):
            self._process.send_signal(number)
        return self.wait()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it without a chance to do anything."""
        self._process.kill()
        self._process.wait(PATIENCE_S)

    def close(self) -> None:
        """End it if it still runs, and let go of its output."""
        self.kill()
        self._output.close()


@pytest.fixture(name="start")
def start_tool(ros: None) -> Iterator[Callable[..., Tool]]:
    """Starts tools, and leaves none of them behind."""
    tools: list[Tool] = []

    def start(module: str, *arguments: object) -> Tool:
        tools.append(Tool(module, *arguments))
        return tools[-1]

    yield start
    for tool in tools:
        tool.close()
