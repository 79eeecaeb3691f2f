"""Names that ROS 2 gives to topics. Other tools, and ROS 1, allow more."""

from __future__ import annotations

import re

#: What the longest DDS name leaves to a topic, after the prefix that ROS puts before it.
LONGEST = 247
_VALID = re.compile(r"(~/|/)?[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*")


def is_valid(name: str) -> bool:
    """Whether ROS 2 lets a node publish under this name."""
    return _VALID.fullmatch(name) is not None and len(name) <= LONGEST


def similar(name: str) -> str:
    """Return a name that is valid and as much like the given one as possible."""
    parts = [re.sub(r"[^A-Za-z0-9_]", "_", part) for part in name.split("/") if part]
    valid = [f"_{part}" if part[0].isdigit() else part for part in parts]
    return ("/" + "/".join(valid))[:LONGEST].rstrip("/") or "/topic"
