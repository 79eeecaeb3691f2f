"""What the fields of a dataclass may hold, stated in their annotations: `Annotated[int, Span(1)]`.

Values from a file are checked against them before anything is built from them, so that later code can trust
its types.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from samwise.errors import ConfigurationError


@dataclass(frozen=True)
class Span:
    """A range of numbers.

    Attributes:
        low: lower end.
        high: upper end; None: there is none.
        above: `low` itself is not in it.
        below: `high` itself is not in it.
    """

    low: float
    high: float | None = None
    above: bool = False
    below: bool = False

    def __contains__(self, value: float) -> bool:
        """Whether a number is in it."""
        if value < self.low or (self.above and value == self.low):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.below)

    def __str__(self) -> str:
        start = f"above {self.low:g}" if self.above else f"from {self.low:g}"
        if self.high is None:
            return start if self.above else f"{start} on"
        link = ", below " if self.below else " and up to " if self.above else " to "
        return f"{start}{link}{self.high:.10g}"


@dataclass(frozen=True)
class OneOf:
    """A choice among strings.

    Attributes:
        choices: the strings.
    """

    choices: tuple[str, ...]

    def __contains__(self, value: str) -> bool:
        """Whether a text is one of them."""
        return value in self.choices

    def __str__(self) -> str:
        return f"choose one of {', '.join(self.choices)}"


@dataclass(frozen=True)
class Filled:
    """Not empty; for text, more than white space."""

    def __contains__(self, value: Any) -> bool:
        """Whether there is any content."""
        return bool(value.strip() if isinstance(value, str) else value)

    def __str__(self) -> str:
        return "not an empty one"


Text = Annotated[str, Filled()]
Texts = Annotated[tuple[Text, ...], Filled()]
Count = Annotated[int, Span(1, 10**9)]
CountFrom0 = Annotated[int, Span(0, 10**9)]
Share = Annotated[float, Span(0, 1)]
Factor = Annotated[float, Span(0, 10**6)]
FrameRate = Annotated[float, Span(0.01, 1000)]
Seed = Annotated[int, Span(0, 2**63 - 1)]
Processes = Annotated[int, Span(0, 1024)]


def check(thing: Any, where: str = "") -> None:
    """Check every field of a dataclass against its annotation.

    Args:
        thing: an instance.
        where: what the fields belong to, for the error; left out if empty.

    Raises:
        ConfigurationError: if a value is wrong, naming the field, the value, and what is allowed.
    """
    check_values(type(thing), vars(thing), where)


def check_values(kind: type, values: Mapping[str, Any], where: str = "") -> None:
    """Check values by name against the annotations of a dataclass. Raises like `check`."""
    hints = get_type_hints(kind, include_extras=True)
    for name, value in values.items():
        wanted = _wanted(value, hints[name])
        if wanted is not None:
            beginning = f"{where}: " if where else ""
            raise ConfigurationError(f"{beginning}{name} is {shown(value)}; {wanted}")


def shown(value: Any, limit: int = 60) -> str:
    """Return a value as a message quotes it: on one line and not too long."""
    text = repr(_plain(value)).replace("\n", " ")
    return text if len(text) <= limit else f"{text[:limit]}..."


def _plain(value: Any) -> Any:
    """Tuples as the lists that they were in the file."""
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _wanted(value: Any, hint: Any) -> str | None:
    """What is wanted instead of a value; None if the value is right."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        base, *limits = parts
        return _wanted_within(value, base, limits)
    if origin in (Union, UnionType):
        if any(_wanted(value, part) is None for part in parts):
            return None
        return _wanted(value, next(part for part in parts if part is not NoneType))
    if origin is tuple:
        return _wanted_in_list(value, parts)
    if hint is float:
        right = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        return None if right else f"give a number{_as_number(value)}"
    if hint is int:
        right = isinstance(value, int) and not isinstance(value, bool)
        return None if right else f"give a whole number{_as_number(value)}"
    if hint is bool:
        return None if isinstance(value, bool) else "give true or false"
    if hint is str:
        return None if isinstance(value, str) else "give a text, in quotes if it looks like something else"
    if origin is not None and issubclass(origin, Mapping):
        return None if isinstance(value, Mapping) else "give a mapping of names to values"
    if isinstance(hint, type):
        return None if isinstance(value, hint) else f"give a mapping, as for {hint.__name__}"
    return None


def _wanted_within(value: Any, base: Any, limits: list[Any]) -> str | None:
    wanted = _wanted(value, base)
    outside = [limit for limit in limits if wanted is not None or value not in limit]
    if not outside:
        return wanted
    if any(isinstance(limit, OneOf) for limit in outside):
        return str(outside[0])
    if wanted is not None:
        return " ".join([wanted, *(str(limit) for limit in outside if isinstance(limit, Span))])
    return f"{_named(base)} {', '.join(map(str, outside))}"


def _named(base: Any) -> str:
    names = {int: "give a whole number", float: "give a number", str: "give a text,"}
    return names.get(base, "list some,")


def _wanted_in_list(value: Any, parts: tuple[Any, ...]) -> str | None:
    anything = parts[-1] is Ellipsis
    if not isinstance(value, tuple):
        return "list some in [brackets]" if anything else f"list {len(parts)} values in [brackets]"
    if not anything and len(value) != len(parts):
        return f"list {len(parts)} values"
    for part, hint in zip(value, parts[:1] * len(value) if anything else parts, strict=True):
        wanted = _wanted(part, hint)
        if wanted is not None:
            return f"in it, for {shown(part)}, {wanted}"
    return None


def _as_number(value: Any) -> str:
    """A hint for numbers that YAML reads as text, such as 1e-3."""
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        return ""
    return f" (YAML reads {value} as text: write {number})" if math.isfinite(number) else ""
