"""Writes the layout of Ref-YouTube-VOS, see `ref_youtube_vos`."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from samwise.data.write_files import (
    NewFolders,
    frame_names,
    new_folder,
    objects_of,
    write_file,
    write_frames,
)
from samwise.errors import DataError
from samwise.video.labelled import LabelledVideo, Objects

NOTHING = "none"
"""Category of the object that stands for "nothing fits"."""


class RefYoutubeVosWriter:
    """Writes videos as a split of Ref-YouTube-VOS.

    The layout has no place for sentences that fit nothing. Here they name an object of their own, of category
    `NOTHING`, that is listed in meta.json and visible in no frame: every reader finds its masks empty.

    Args:
        root: folder of the data set.
        split: its name; the split must not exist yet.

    Raises:
        DataError: if the split is there already or cannot be written.
    """

    def __init__(self, root: Path, split: str) -> None:
        self._folders = NewFolders(root / split, root / "meta_expressions" / split)
        self._folder, self._sentences = self._folders.paths
        self._expressions: dict[str, Any] = {}
        self._objects: dict[str, Any] = {}

    def add(self, video: LabelledVideo) -> None:
        """Write one video.

        Raises:
            DataError: if it cannot be written, or there is already one by that name.
            DataError: if a sentence names several objects, which this layout cannot express.
        """
        objects = objects_of(video)
        write_frames(self._folder / "JPEGImages", video)
        self._write_annotations(video, objects)
        nothing = len(objects.kinds) + 1
        sentences = {}
        for number, referral in enumerate(video.referrals):
            if len(referral.targets) > 1:
                raise DataError(f"{referral.expression!r} names {len(referral.targets)} objects; write MeViS")
            target = referral.targets[0] if referral.targets else nothing
            sentences[str(number)] = {"exp": referral.expression, "obj_id": str(target)}
        self._expressions[video.name] = {"expressions": sentences, "frames": frame_names(video)}
        self._objects[video.name] = {"objects": _listed(video, objects, nothing)}

    def close(self) -> None:
        """Write the lists of sentences and objects, and make the split appear.

        Raises:
            DataError: if they cannot be written.
        """
        sentences = json.dumps({"videos": self._expressions}).encode()
        write_file(self._sentences / "meta_expressions.json", sentences)
        write_file(self._folder / "meta.json", json.dumps({"videos": self._objects}).encode())
        self._folders.finish()

    def discard(self) -> None:
        """Remove what was written; does nothing after `close`."""
        self._folders.discard()

    def _write_annotations(self, video: LabelledVideo, objects: Objects) -> None:
        own = new_folder(self._folder / "Annotations" / video.name)
        for name, owners in zip(frame_names(video), objects.owners, strict=True):
            picture = Image.fromarray(owners)
            picture.putpalette(_PALETTE)  # makes it a palette picture; the numbers are kept
            content = io.BytesIO()
            picture.save(content, format="PNG")
            write_file(own / f"{name}.png", content.getvalue())


def _listed(video: LabelledVideo, objects: Objects, nothing: int) -> dict[str, Any]:
    frames = list(zip(frame_names(video), objects.owners, strict=True))
    listed: dict[str, Any] = {
        str(number): {"category": kind, "frames": [name for name, owners in frames if number in owners]}
        for number, kind in enumerate(objects.kinds, start=1)
    }
    if any(not referral.targets for referral in video.referrals):
        listed[str(nothing)] = {"category": NOTHING, "frames": []}
    return listed


def _voc_palette() -> list[int]:
    """Colours of PASCAL VOC, which DAVIS and YouTube-VOS use: the bits of the number, spread over R, G, B."""
    numbers = np.arange(256)
    colours = np.zeros((256, 3), np.int64)
    for bit in range(8):
        for channel in range(3):
            place = 3 * bit + channel
            if place < 8:
                colours[:, channel] |= (numbers >> place & 1) << (7 - bit)
    return [int(value) for value in colours.ravel()]


_PALETTE = _voc_palette()
