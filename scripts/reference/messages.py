"""The page of messages and services, out of their definitions in samwise_msgs/."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

INTRODUCTION = """# Messages and services

The definitions of the package `samwise_msgs`. `ros2 interface show samwise_msgs/msg/TargetState` prints
them, too.
"""


def page(folder: Path) -> str:
    """Write the page in Markdown.

    Args:
        folder: of the package.
    """
    definitions = [*sorted(folder.glob("msg/*.msg")), *sorted(folder.glob("srv/*.srv"))]
    return "\n".join([INTRODUCTION, *map(_section, definitions)])


def _section(path: Path) -> str:
    """A message: what its first comment says as text, and below it the rest of the definition."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = list(takewhile(lambda line: line.startswith("#"), lines))
    definition = "\n".join(lines[len(comment) :]).strip()
    text = "\n".join(line.lstrip("#").strip() for line in comment)
    return f"## {path.stem}\n\n{text}\n\n```text\n{definition}\n```\n"
