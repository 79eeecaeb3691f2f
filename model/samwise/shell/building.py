"""Dataclasses built from plain values, as a file gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from typing import Any, TypeVar

from samwise.errors import ConfigurationError
from samwise.shell.spans import check_values, shown

Part = TypeVar("Part")


def build(kind: type[Part], values: Any, where: str = "") -> Part:
    """Build a dataclass from a mapping whose keys are its attributes. Lists become tuples.

    Args:
        kind: the dataclass; its annotations say what may stand where, see `samwise.shell.spans`.
        values: the mapping.
        where: the place in the file, for the error; left out if empty.

    Raises:
        ConfigurationError: if a key or value is wrong, naming it and its place; or from the class itself.
    """
    beginning = f"{where}: " if where else ""
    given = mapping(values, f"{beginning}{kind.__name__}")
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    for name in given:
        if name not in known:
            raise ConfigurationError(f"{beginning}{kind.__name__} has no {name}{_meant(name, known)}")
    for f in fields(kind):  # type: ignore[arg-type]
        if f.name not in given and f.default is MISSING and f.default_factory is MISSING:
            raise ConfigurationError(f"{beginning}{kind.__name__}: {f.name} is missing")
    frozen = {name: frozen_lists(value) for name, value in given.items()}
    check_values(kind, frozen, where or kind.__name__)
    return kind(**frozen)


def mapping(values: Any, what: str) -> Mapping[str, Any]:
    """Return a mapping whose keys are strings.

    Raises:
        ConfigurationError: if the values are not such a mapping.
    """
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{what} is {shown(values)}; give a mapping of names to values")
    for key in values:
        if not isinstance(key, str):
            raise ConfigurationError(f"{what} has the key {shown(key)}, which is not text; put it in quotes")
    return values


def frozen_lists(value: Any) -> Any:
    """Return lists, nested ones included, as tuples."""
    return tuple(frozen_lists(x) for x in value) if isinstance(value, list) else value


def listed(value: Any) -> list[Any]:
    """Wrap a single value in a list: one value may be written without the brackets."""
    return value if isinstance(value, list) else [value]


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f", perhaps {near[0]} is meant" if near else f"; it has {', '.join(known)}"
