"""Hand-written YAML files: read strictly, and with errors that say where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from samwise.errors import ConfigurationError

MOST_VALUES = 100_000
"""More than anybody writes; nested aliases can expand to billions."""


def read_yaml(path: Path, what: str) -> Any:
    """Read a file as plain values.

    Args:
        path: of the file.
        what: what the file is, for the error, such as `plan`.

    Raises:
        ConfigurationError: if it cannot be read, is not YAML, is empty, or has a key twice; the message is
            one line and names the file, and the line where that is known.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"cannot read the {what} {str(path)!r} ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{str(path)!r} is not UTF-8 text; give the {what}, a YAML file") from error
    try:
        values = yaml.load(text, _Loader)
        _check_size(values)
    except yaml.MarkedYAMLError as error:
        raise ConfigurationError(f"{str(path)!r} is not YAML: {_one_line(error)}") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{str(path)!r} is not YAML: {str(error).partition(chr(10))[0]}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{str(path)!r} cannot be understood as YAML: {error}") from error
    if values is None:
        raise ConfigurationError(f"{str(path)!r} is empty; give the {what}, a YAML file")
    return values


class _Loader(yaml.SafeLoader):
    """Refuses duplicate keys: YAML says that keys are unique, but PyYAML silently takes the last."""

    def compose_mapping_node(self, anchor: Any) -> Any:
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"{key.value!r} appears twice; keep one of them",
                        problem_mark=key.start_mark,
                    )
                seen.add(key.value)
        return node


def _one_line(error: yaml.MarkedYAMLError) -> str:
    place = "" if error.problem_mark is None else f"line {error.problem_mark.line + 1}: "
    tab = "; indent with spaces" if "'\\t'" in str(error.problem) else ""
    return f"{place}{' '.join(str(error.problem or error.context).split())}{tab}"


def _check_size(values: Any) -> None:
    for count, _ in enumerate(_each(values)):
        if count > MOST_VALUES:
            raise ValueError(f"it comes to more than {MOST_VALUES} values; write them out without aliases")


def _each(values: Any) -> Iterator[Any]:
    yield values
    if isinstance(values, dict):
        for value in values.values():
            yield from _each(value)
    elif isinstance(values, list):
        for value in values:
            yield from _each(value)
