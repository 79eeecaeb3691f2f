"""The layouts that can be read, and the one entry point to them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from samwise.data import mevis, ref_davis17, ref_youtube_vos, refcoco
from samwise.errors import ConfigurationError, DataError
from samwise.video.labelled import LabelledVideo

Reader = Callable[[Path, str, bool], tuple[LabelledVideo, ...]]
"""Of a folder and a split; the last argument says whether every sentence needs masks."""

LAYOUTS: Mapping[str, Reader] = {
    "ref-youtube-vos": ref_youtube_vos.read,
    "mevis": mevis.read,
    "ref-davis17": ref_davis17.read,
    **{name: functools.partial(refcoco.read, name) for name in refcoco.PARTITIONS},
}


@dataclass(frozen=True)
class DataSet:
    """A split of a data set on disk.

    Attributes:
        layout: one of `LAYOUTS`.
        root: its folder; a `~` at the beginning is the user's home.
        split: the data set's name for the split.
    """

    layout: str
    root: str
    split: str = "train"

    def __post_init__(self) -> None:
        """Reject an unknown layout."""
        if self.layout not in LAYOUTS:
            raise ConfigurationError(
                f"no layout is called {self.layout!r}; choose one of {', '.join(LAYOUTS)}"
            )

    def read(self, *, annotated: bool = True) -> tuple[LabelledVideo, ...]:
        """Return its videos; frames and masks are read when they are accessed.

        Args:
            annotated: False: sentences whose masks are not published are returned as well.

        Raises:
            DataError: for a file or folder that is missing or of another layout, or if there are no videos.
        """
        found = LAYOUTS[self.layout](Path(self.root).expanduser(), self.split, annotated)
        if not found:
            raise DataError(f"{self.root!r} has no video with sentences in its split {self.split!r}")
        return found
