"""The recipes that ship, by name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from samwise.errors import ConfigurationError


def folder() -> Path:
    """Where they are; the plans of ablations are there, too."""
    return Path(str(files("samwise"))) / "recipes"


def names() -> tuple[str, ...]:
    """What they are called: the names of the files that have stages, without their ending."""
    return tuple(
        sorted(
            file.stem
            for file in folder().glob("*.yaml")
            if any(line.startswith("stages:") for line in file.read_text(encoding="utf-8").splitlines())
        )
    )


def recipe_file(text: str) -> Path:
    """The file that a name or a path means.

    Args:
        text: name of a recipe that ships; anything else is the path of a file, as is `./miniature`.

    Raises:
        ConfigurationError: a bare word that is neither such a name nor a file.
    """
    if text in names():
        return folder() / f"{text}.yaml"
    path = Path(text).expanduser()
    bare = text.strip() == path.name and not path.suffix
    if bare and not path.exists():
        raise ConfigurationError(
            f"no recipe is called {text!r}; choose one of {', '.join(names())}, or "
            "give the path of a YAML file"
        )
    return path
