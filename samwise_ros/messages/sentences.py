"""Sentences as they arrive in a std_msgs/String, a parameter, or out of a microphone."""

from __future__ import annotations

from samwise_ros.errors import InputError


def clean_sentence(text: str) -> str:
    """Return `text` with every run of white space as one space.

    Raises:
        InputError: if it is blank, endless, or damaged because it was not sent as UTF-8.
        ImportError: if the library, whose rules these are, is missing.
    """
    from samwise.errors import ExpressionError
    from samwise.text.sentences import check_sentence

    cleaned = " ".join(text.split())
    try:
        # White space alone is quoted as it came.
        check_sentence(cleaned or text)
    except ExpressionError as error:
        raise InputError(str(error)) from error
    return cleaned
