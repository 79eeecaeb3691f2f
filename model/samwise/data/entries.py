"""Single entries of a listing that cannot be used: left out, and named in one warning."""

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
    """Looks at the entries of a listing, and remembers what is wrong with which.

    Args:
        listing: the file, for the messages.
    """

    def __init__(self, listing: Path) -> None:
        self._listing = listing
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Remember one thing, with the names of the video and the entry."""
        self._notes.append(text)

    def usable(self, sentence: object, where: str) -> bool:
        """Whether a sentence can be trained with; one that cannot is noted.

        Args:
            sentence: as it stands in the listing.
            where: names it, as in "sentence 3 of video a".
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
        """The names of a video's frames in the order of the listing; none, and a note, if they are no use.

        Raises:
            TypeError: if it is no list.
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
        """Note which files of something, as in "video a", are not there.

        Raises:
            DataError: none of them is.
        """
        there = {path.name for path in folder.iterdir()}
        missing = [file for file in files if file not in there]
        if len(missing) == len(files):
            raise DataError(f"none of the {len(files)} files of {of} is in {str(folder)!r}; {remedy}")
        if missing:
            example = repr(str(folder / missing[0]))
            self.note(f"{of}: {len(missing)} of {len(files)} files are missing, as {example}")

    def tell(self, found: Sequence[object]) -> None:
        """Say what was noted, in one warning.

        Args:
            found: what can be used.

        Raises:
            DataError: if that is nothing, because of what was noted.
        """
        if not self._notes:
            return
        more = f"; and {len(self._notes) - SHOWN} more of these" if len(self._notes) > SHOWN else ""
        text = f"{str(self._listing)!r}: {'; '.join(self._notes[:SHOWN])}{more}"
        if not found:
            raise DataError(f"{text}; nothing is left to be used")
        warnings.warn(text, stacklevel=3)
