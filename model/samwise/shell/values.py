"""Values on a command line other than numbers: types for `argparse`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from samwise.errors import SamwiseError
from samwise.shell.devices import checked_device
from samwise.shell.published import PUBLISHED, cached, not_here
from samwise.text.sentences import check_sentence

Value = TypeVar("Value")

CHECKPOINT_HELP = (
    "file, or name of a published one (see samwise download --list); default: the miniature that ships"
)


def checked(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Return `parse` as a type for `argparse`, which shows the text of its errors.

    Args:
        parse: raises a `SamwiseError` for a text that it cannot accept.
    """

    def read(text: str) -> Value:
        try:
            return parse(text)
        except SamwiseError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read


def path(text: str) -> Path:
    """Return a path; `~` is expanded here too, since shells expand it only at the start of a word.

    An empty text, as from an unset shell variable, is refused: it would mean the current folder.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not a path; give the name of a file or folder")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r}: there is no such home directory; write the path out"
        ) from error


def checkpoint(text: str) -> Path:
    """Return the path of a checkpoint: as `path`, or that of a published one by its name."""
    if text not in PUBLISHED:
        return path(text)
    file = cached(text)
    if not file.is_file():
        raise argparse.ArgumentTypeError(not_here(text))
    return file


def _sentence(text: str) -> str:
    check_sentence(text)
    return text


sentence = checked(_sentence)
device = checked(checked_device)
