"""The page of messages, out of the definitions in samwise_msgs/msg/."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

INTRODUCTION = """# Messages

The definitions of the package `samwise_msgs`. `ros2 interface show samwise_msgs/msg/TargetState` prints
them, too.
"""


def page(folder: Path) -> str:
    """Write the page in Markdown.

    Args:
        folder: with the `.msg` files.
    """
    return "\n".join([INTRODUCTION, *map(_section, sorted(folder.glob("*.msg")))])


def _section(path: Path) -> str:
    """A message: what its first comment says as text, and below it the rest of the definition."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = list(takewhile(lambda line: line.startswith("#"), lines))
    definition = "\n".join(lines[len(comment) :]).strip()
    text = "\n".join(line.lstrip("#").strip() for line in comment)
    return f"## {path.stem}\n\n{text}\n\n```text\n{definition}\n```\n"
