"""The recipes and the plans of ablations that ship, by name."""

from __future__ import annotations

from enum import Enum
from importlib.resources import files
from pathlib import Path

from samwise.errors import ConfigurationError


class Kind(Enum):
    """What a file is for; the value is a key that one of its lines begins with."""

    RECIPE = ("stages:",)
    PLAN = ("variants:", "looks:")


def folder() -> Path:
    """Where they are."""
    return Path(str(files("samwise"))) / "recipes"


def names(kind: Kind) -> tuple[str, ...]:
    """What those of a kind are called: the names of their files without the ending."""
    return tuple(
        sorted(
            file.stem
            for file in folder().glob("*.yaml")
            if any(line.startswith(kind.value) for line in file.read_text(encoding="utf-8").splitlines())
        )
    )


def shipped_file(kind: Kind, text: str) -> Path:
    """The file that a name or a path means.

    Args:
        kind: of file.
        text: name of one that ships; anything else is the path of a file, as is `./miniature`.

    Raises:
        ConfigurationError: for a bare word that is neither such a name nor a file.
    """
    if text in names(kind):
        return folder() / f"{text}.yaml"
    path = Path(text).expanduser()
    bare = text.strip() == path.name and not path.suffix
    if bare and not path.exists():
        raise ConfigurationError(
            f"no {kind.name.lower()} is called {text!r}; choose one of {', '.join(names(kind))}, or "
            "give the path of a YAML file"
        )
    return path
