"""Which sentences can name anything at all. Needs no model, so every entry point can check this first."""

from __future__ import annotations

from samwise.errors import ExpressionError

#: A description of one target fits on a line. Anything much longer is a mistake upstream, and slow to read.
MAX_CHARACTERS = 512
SHOWN = 40


def is_blank(sentence: str) -> bool:
    """Whether a sentence has no letter or digit of any script, only white space, punctuation or emoji."""
    return not any(character.isalnum() for character in sentence)


def check_sentence(sentence: str) -> None:
    """Refuse a sentence that no model can follow, before one is loaded.

    Raises:
        ExpressionError: if it is blank, longer than `MAX_CHARACTERS`, or was not written as UTF-8.
    """
    # Python decodes bytes that are not UTF-8 to lone surrogates on a command line, rclpy to this character.
    if "\N{REPLACEMENT CHARACTER}" in sentence or any("\ud800" <= c <= "\udfff" for c in sentence):
        raise ExpressionError(
            f"the sentence {shorten(sentence)} is not valid UTF-8; set the terminal or program it comes from "
            "to UTF-8"
        )
    if is_blank(sentence):
        raise ExpressionError(
            f"the sentence {shorten(sentence)} is blank, without a letter or digit; "
            "name what to segment in words, like 'the red car'"
        )
    if len(sentence) > MAX_CHARACTERS:
        raise ExpressionError(
            f"the sentence {shorten(sentence)} has {len(sentence)} characters, more than {MAX_CHARACTERS}; "
            "name one target in a short sentence"
        )


def shorten(sentence: str) -> str:
    """A sentence as a message quotes it: its beginning, with unprintable characters escaped."""
    return repr(sentence if len(sentence) <= SHOWN else f"{sentence[:SHOWN]}...")
