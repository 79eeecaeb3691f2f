"""Programs of the console, as a user starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from integration.segmenter_process import END_S, START_S


class Program:
    """A module of the console as a user starts it."""

    def __init__(self, folder: Path, module: str, *arguments: object) -> None:
        folder.mkdir()
        self._log = folder / "log.txt"
        # NiceGUI behaves differently where it finds these.
        environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        with self._log.open("w") as file:
            command = [sys.executable, "-m", f"samwise_ros.console.{module}", *map(str, arguments)]
            self._process = subprocess.Popen(
                command,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_for_log(self, text: str) -> None:
        end = time.monotonic() + START_S
        while text not in self.log:
            assert self._process.poll() is None and time.monotonic() < end, self.log
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(END_S)
