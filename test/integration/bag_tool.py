"""A bag tool in a process of its own, and the fixture that starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
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
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait(self) -> tuple[int, str]:
        """Return exit code and output."""
        output, _ = self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode, output

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
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(name="start")
def start_tool(ros: None) -> Iterator[Callable[..., Tool]]:
    """Starts tools, and leaves none of them behind."""
    tools: list[Tool] = []

    def start(module: str, *arguments: object) -> Tool:
        tools.append(Tool(module, *arguments))
        return tools[-1]

    yield start
    for tool in tools:
        tool.kill()
