"""Entries of a listing that cannot be used: they are left out, and named in one warning."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samwise.errors import DataError, ExpressionError
from samwise.text.sentences import check_sentence

SHOWN = 5


class Entries:
    """Checks the entries of a listing, and collects what is wrong with them.

    Args:
        listing: the file, for the messages.
    """

    def __init__(self, listing: Path) -> None:
        self._listing = listing
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Collect one problem; `text` names the video and the entry."""
        self._notes.append(text)

    def usable(self, sentence: object, where: str) -> bool:
        """Whether a sentence can be used for training; one that cannot is noted.

        Args:
            sentence: as the listing has it.
            where: names it, such as "sentence 3 of video a".
        """
        try:
            if not isinstance(sentence, str):
                raise ExpressionError(f"it is {sentence!r}, not a text")
            check_sentence(sentence)
        except ExpressionError as error:
            self.note(f"{where} is left out: {error}")
            return False
        return True

    def frames(self, found: Any, video: str) -> tuple[str, ...]:
        """The names of a video's frames in the order of the listing; none, and a note, if they are of no use.

        Raises:
            TypeError: if `found` is not a list.
        """
        if not isinstance(found, list):
            raise TypeError(f"frames is a {type(found).__name__}, not a list")
        names = tuple(str(name) for name in found)
        twice = [name for name, count in Counter(names).items() if count > 1]
        if not names or twice:
            wrong = f"it lists frame {twice[0]} twice" if twice else "it has no frames"
            self.note(f"video {video} is left out: {wrong}")
            return ()
        return names

    def on_disk(self, folder: Path, files: Sequence[str], of: str, remedy: str) -> None:
        """Note which files of something, such as "video a", are missing.

        Raises:
            DataError: if all of them are.
        """
        there = {path.name for path in folder.iterdir()}
        missing = [file for file in files if file not in there]
        if len(missing) == len(files):
            raise DataError(f"none of the {len(files)} files of {of} is in {str(folder)!r}; {remedy}")
        if missing:
            example = repr(str(folder / missing[0]))
            self.note(f"{of}: {len(missing)} of {len(files)} files are missing, such as {example}")

    def tell(self, found: Sequence[object]) -> None:
        """Issue what was noted as one warning.

        Args:
            found: the usable entries.

        Raises:
            DataError: if there are none, because of what was noted.
        """
        if not self._notes:
            return
        more = f"; and {len(self._notes) - SHOWN} more of these" if len(self._notes) > SHOWN else ""
        text = f"{str(self._listing)!r}: {'; '.join(self._notes[:SHOWN])}{more}"
        if not found:
            raise DataError(f"{text}; nothing usable is left")
        warnings.warn(text, stacklevel=3)
