"""The published checkpoints: their names, and where they are kept on this machine. Light to import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

#: Environment variable that names another folder for what is downloaded.
CACHE_VARIABLE = "SAMWISE_CACHE"


@dataclass(frozen=True)
class Published:
    """A checkpoint that the authors of SAMWISE have published.

    Attributes:
        name: that users give.
        drive_id: of the file on Google Drive.
        trained_on: data sets, in order.
        purpose: what it is good for.
    """

    name: str
    drive_id: str
    trained_on: str
    purpose: str

    @property
    def address(self) -> str:
        """Where the authors offer it."""
        return f"https://drive.google.com/uc?id={self.drive_id}"


PUBLISHED: Mapping[str, Published] = {
    published.name: published
    for published in (
        Published(
            "mevis",
            "1Molt2up2bP41ekeczXWQU-LWTskKJOV2",
            "RefCOCO/+/g, MeViS",
            "video, sentences about motion",
        ),
        Published(
            "ref-youtube-vos",
            "17Ei9XU678tCiiV14c-9EB9ZqXVrj4qEw",
            "RefCOCO/+/g, Ref-YouTube-VOS",
            "video, sentences about appearance",
        ),
        Published(
            "refcoco",
            "1gRGzARDjIisZ3PnCW77Y9TMM_SbV8aaa",
            "RefCOCO/+/g",
            "single pictures; a start for training",
        ),
    )
}
"""By name. The links are those of the official repository's README at `dad43ab`."""


def cache_folder() -> Path:
    """The folder of everything that is downloaded; it need not exist."""
    given = os.environ.get(CACHE_VARIABLE, "").strip()
    return Path(given).expanduser() if given else platformdirs.user_cache_path("samwise", appauthor=False)


def cached(name: str) -> Path:
    """Where the converted checkpoint of a name of `PUBLISHED` is kept; it need not exist."""
    return cache_folder() / f"{name}.safetensors"


def note_of(name: str) -> Path:
    """The file beside it that says where it came from, as JSON."""
    return cache_folder() / f"{name}.json"


def not_here(name: str) -> str:
    """What to tell who wants to use a checkpoint that was not downloaded."""
    return (
        f"the checkpoint {name!r} is not on this machine (in {cache_folder()}); fetch it once with "
        f"`samwise download {name}`, or write ./{name} for a file of yours"
    )
