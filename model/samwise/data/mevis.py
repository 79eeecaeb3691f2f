"""MeViS (Ding et al., ICCV 2023): sentences about motion that name any number of objects, also none.

    <split>/JPEGImages/<video>/<frame>.jpg
    <split>/meta_expressions.json
    <split>/mask_dict.json

with `{"videos": {video: {"expressions": {id: sentence}, "frames": [...]}}}`, where a sentence is
`{"exp": ..., "obj_id": [...], "anno_id": [...]}`, and `{anno_id: [...]}` with COCO run lengths for each
frame, null where the object does not show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise.data.files import check_folder, laid_out, read_json
from samwise.data.recording import PictureFiles, RecordedReferral, Recording, Reel
from samwise.errors import DataError
from samwise.run_lengths import decode

REMEDY = (
    "the root has to hold the folder of the split with JPEGImages/, meta_expressions.json and "
    "mask_dict.json, as in the archive of MeViS"
)

Track = Sequence[Mapping[str, Any] | None]
"""Run lengths of one object, one for each frame."""


@dataclass(frozen=True)
class TrackedObjects:
    """What a sentence names: all pixels of any of some objects.

    Attributes:
        pictures: the frames, which tell the size where no object shows.
        tracks: of the objects.
    """

    pictures: PictureFiles
    tracks: tuple[Track, ...]

    def mask(self, t: int) -> NDArray[np.bool_]:
        """The mask in frame number t, bool `[H, W]`."""
        shown = [decode(x) for x in (track[t] for track in self.tracks) if x is not None]
        return np.logical_or.reduce(shown) if shown else np.zeros(self.pictures.size(t), np.bool_)


def read(root: Path, split: str) -> tuple[Recording, ...]:
    """All videos of a split that have sentences.

    The masks of the whole split are kept in memory as run lengths, some hundred megabytes for train.

    Args:
        root: folder of the data set.
        split: train or valid_u; the masks of valid and test are not published.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    folder = root / split
    listing, masks = folder / "meta_expressions.json", folder / "mask_dict.json"
    content = read_json(listing, REMEDY)
    tracks = read_json(masks, f"{REMEDY} (only train and valid_u are published with masks)")
    with laid_out(listing, "MeViS"):
        return tuple(
            _recording(folder, name, video, tracks, masks)
            for name, video in content["videos"].items()
            if video["expressions"]
        )


def _recording(
    folder: Path, name: str, video: Mapping[str, Any], tracks: Mapping[str, Track], masks: Path
) -> Recording:
    files = tuple(f"{frame}.jpg" for frame in sorted(video["frames"]))
    pictures = PictureFiles(check_folder(folder / "JPEGImages" / name, REMEDY), files)
    referrals = []
    for sentence in video["expressions"].values():
        found = tuple(_track(tracks, str(i), len(files), name, masks) for i in sentence["anno_id"])
        target = TrackedObjects(pictures, found)
        referrals.append(RecordedReferral(sentence["exp"], Reel(len(files), target.mask)))
    return Recording(name, pictures.reel, tuple(referrals))


def _track(tracks: Mapping[str, Track], number: str, frames: int, video: str, masks: Path) -> Track:
    track = tracks.get(number)
    if track is None or len(track) < frames:
        found = "missing" if track is None else f"{len(track)} frames long instead of {frames}"
        raise DataError(
            f"{str(masks)!r}: annotation {number}, of video {video}, is {found}; "
            "is it of another release than meta_expressions.json?"
        )
    return track
