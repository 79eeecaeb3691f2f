"""What there is to say about a recording while it is read."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable


def to_stderr(line: str) -> None:
    """Tell a person."""
    print(line, file=sys.stderr)


class Account:
    """Tells every remark once, as soon as it is known, and keeps those that mean that something is missing.

    Args:
        tell: gets one line at a time.

    Attributes:
        faults: what could not be read, a line each.
    """

    def __init__(self, tell: Callable[[str], object] = to_stderr) -> None:
        self.faults: list[str] = []
        self._tell = tell
        self._told: set[str] = set()

    def note(self, line: str) -> None:
        """Tell something that takes nothing away."""
        if line not in self._told:
            self._told.add(line)
            self._tell(line)

    def fault(self, line: str) -> None:
        """Tell that something of the recording cannot be read."""
        if line not in self._told:
            self.faults.append(line)
        self.note(line)


def repair_advice(path: object) -> str:
    """Return the remedy for a recording that was cut off."""
    command = f"python -m samwise_ros.bags.repair {shlex.quote(str(path))} OUT"
    return f"`{command}` makes a whole recording of what there is"
