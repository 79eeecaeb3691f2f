"""What the report has to be told about how a recording was shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Played:
    """How a recording was played.

    Attributes:
        images: how many pictures were published on the raw topic.
        offset_ns: what was added to the recorded stamps.
        complete: whether that was all of the recording. What was missing the player has said.
    """

    images: int
    offset_ns: int
    complete: bool = True
