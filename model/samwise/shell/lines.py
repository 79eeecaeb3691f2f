"""Lines that stay lines, whatever the names in them hold."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return a text as one line that every terminal can show.

    Names of files and topics may hold anything: line breaks, what moves the cursor or changes colours, bytes
    that are not text. These are shown as in Python's string literals.
    """
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
