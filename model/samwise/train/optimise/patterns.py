"""Shell patterns that pick parts of a model by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from samwise.errors import ConfigurationError


def matching(names: Collection[str], patterns: Sequence[str], what: str) -> set[str]:
    """The names that at least one pattern matches.

    Args:
        names: to choose from.
        patterns: shell patterns, `*adapter*`; case-sensitive.
        what: what the names belong to, for the error.

    Raises:
        ConfigurationError: for a pattern that matches nothing.
    """
    found: set[str] = set()
    for pattern in patterns:
        matched = {name for name in names if fnmatchcase(name, pattern)}
        if not matched:
            raise ConfigurationError(f"no {what} is called like {pattern!r}; see the names in the state dict")
        found |= matched
    return found
