"""Names in the order that people count in."""

from __future__ import annotations

import re

# Behind seconds since 1970 stands a fraction (.25 before .5), behind other numbers a number (.9 before .10).
_NUMBER = re.compile(r"(\d{9,}\.\d+|\d+)", re.ASCII)

Key = tuple[tuple[object, ...], str]


def natural_key(name: str) -> Key:
    """Sorts names by the numbers in them: frame_2 before frame_10, 1_9 before 1_10, text by its letters.

    Names that differ in leading zeros alone (1, 01) come in the order of their characters. A dash before a
    number is text, not a sign: it stands in dates and ranges more often than before negative ones.
    """
    # Texts have even places and numbers odd ones, so that like is compared with like.
    parts = enumerate(_NUMBER.split(name))
    return tuple(_value(part) if place % 2 else part for place, part in parts), name


def _value(number: str) -> tuple[int, str]:
    whole, _, fraction = number.partition(".")
    return int(whole), fraction
