"""What there is to say about a recording while it is read."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Callable

from samwise.shell.lines import one_line

#: Damaged places of a file that are told one by one.
TOLD = 3


def to_stderr(line: str) -> None:
    """Tell a person."""
    print(one_line(line), file=sys.stderr)


class Account:
    """Tells every remark once, as soon as it is known, and keeps those that mean that something is missing.

    Args:
        tell: gets one line at a time.

    Attributes:
        faults: what could not be read, one line each.
    """

    def __init__(self, tell: Callable[[str], object] = to_stderr) -> None:
        self.faults: list[str] = []
        self._damaged: Counter[object] = Counter()
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

    def damage(self, place: object, line: str) -> None:
        """Tell of one of perhaps very many damaged places; only the first ones a line each.

        Args:
            place: the file.
            line: what is wrong with it there.
        """
        self._damaged[place] += 1
        if self._damaged[place] <= TOLD:
            self.fault(f"{place} {line}")
        else:
            self.fault(f"{place} is damaged at more places")


def repair_advice(path: object) -> str:
    """Return the remedy for a recording that was cut off."""
    command = f"python -m samwise_ros.bags.repair {shlex.quote(str(path))} OUT"
    return f"`{command}` makes a whole recording of what there is"
