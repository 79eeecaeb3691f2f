"""What was found out about one thing, and what to do about it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass


class Level(enum.Enum):
    """How it stands."""

    WELL = "well"
    COULD_BE_BETTER = "could be better"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        name: of what was looked at.
        value: what was found.
        level: how it stands.
        remedy: what to do; never empty unless all is well.
    """

    name: str
    value: str
    level: Level = Level.WELL
    remedy: str = ""

    def __post_init__(self) -> None:
        """A line that is not well and does not say what to do helps nobody."""
        assert self.level is Level.WELL or self.remedy, self


Check = Callable[[], Iterable[Finding]]


def examined(name: str, check: Check) -> list[Finding]:
    """Run a check. One that fails is a finding itself: the doctor has to get through on any machine.

    Args:
        name: of what it looks at.
        check: may raise anything.
    """
    try:
        return list(check())
    except Exception as error:
        line = next(iter(str(error).splitlines()), "")
        return [
            Finding(
                name,
                f"cannot be examined ({type(error).__name__}: {line[:200]})",
                Level.BROKEN,
                "install it again: pip install -r requirements/base.txt, or see the README",
            )
        ]
