"""Writes the layout of MeViS, see `mevis`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from samwise.data.write_files import NewFolders, frame_names, objects_of, write_file, write_frames
from samwise.video.labelled import LabelledVideo
from samwise.video.run_lengths import encode


class MevisWriter:
    """Writes videos as a split of MeViS. A sentence that fits nothing has an empty list of annotations.

    Args:
        root: folder of the data set.
        split: its name; the split must not exist yet.

    Raises:
        DataError: if the split is there already or cannot be written.
    """

    def __init__(self, root: Path, split: str) -> None:
        self._folders = NewFolders(root / split)
        (self._folder,) = self._folders.paths
        self._videos: dict[str, Any] = {}
        self._masks: dict[str, list[Any]] = {}

    def add(self, video: LabelledVideo) -> None:
        """Write one video; objects that no sentence names are left out.

        Raises:
            DataError: if it cannot be written, or there is already one by that name.
        """
        owners = objects_of(video).owners
        write_frames(self._folder / "JPEGImages", video)
        named = sorted({number for referral in video.referrals for number in referral.targets})
        annotations = {number: len(self._masks) + i for i, number in enumerate(named)}
        for number, annotation in annotations.items():
            masks = owners == number
            self._masks[str(annotation)] = [encode(m) if m.any() else None for m in masks]
        sentences = {
            str(i): {
                "exp": referral.expression,
                "obj_id": list(referral.targets),
                "anno_id": [annotations[number] for number in referral.targets],
            }
            for i, referral in enumerate(video.referrals)
        }
        self._videos[video.name] = {
            "expressions": sentences,
            "vid_id": len(self._videos),
            "frames": frame_names(video),
        }

    def close(self) -> None:
        """Write the sentences and the masks, and make the split appear.

        Raises:
            DataError: if they cannot be written.
        """
        write_file(self._folder / "meta_expressions.json", json.dumps({"videos": self._videos}).encode())
        write_file(self._folder / "mask_dict.json", json.dumps(self._masks).encode())
        self._folders.finish()

    def discard(self) -> None:
        """Remove what was written; does nothing after `close`."""
        self._folders.discard()
