"""Ref-YouTube-VOS (Seo et al., ECCV 2020): palette pictures, and sentences that name an object of them.

    meta_expressions/<split>/meta_expressions.json
    <split>/JPEGImages/<video>/<frame>.jpg
    <split>/Annotations/<video>/<frame>.png

with `{"videos": {video: {"expressions": {id: {"exp": ..., "obj_id": ...}}, "frames": [...]}}}`.
Ref-DAVIS17 as ReferFormer's `convert_davis_to_ytvos.py` writes it has the same layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samwise.data.files import check_folder, laid_out, read_json
from samwise.data.recording import LabelledObject, PictureFiles, RecordedReferral, Recording
from samwise.errors import DataError

REMEDY = (
    "the root has to hold meta_expressions/ and the folder of the split with JPEGImages/ and Annotations/, "
    "as in the archives of the Ref-YouTube-VOS competition"
)


def read(root: Path, split: str) -> tuple[Recording, ...]:
    """All videos of a split that have sentences.

    Args:
        root: folder of the data set.
        split: train; the organisers keep the annotations of valid and test to themselves.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    listing = root / "meta_expressions" / split / "meta_expressions.json"
    content = read_json(listing, REMEDY)
    with laid_out(listing, "Ref-YouTube-VOS"):
        return tuple(
            _recording(root / split, name, video, listing)
            for name, video in content["videos"].items()
            if video["expressions"]
        )


def _recording(folder: Path, name: str, video: Mapping[str, Any], listing: Path) -> Recording:
    frames = tuple(sorted(video["frames"]))
    pictures = check_folder(folder / "JPEGImages" / name, REMEDY)
    referrals = []
    for number, sentence in video["expressions"].items():
        if "obj_id" not in sentence:
            raise DataError(
                f"{str(listing)!r}: sentence {number} of video {name} has no obj_id: this split is published "
                "without annotations; use train"
            )
        annotations = check_folder(folder / "Annotations" / name, REMEDY)
        target = LabelledObject(annotations, tuple(f"{f}.png" for f in frames), int(sentence["obj_id"]))
        referrals.append(RecordedReferral(sentence["exp"], target.reel))
    return Recording(name, PictureFiles(pictures, tuple(f"{f}.jpg" for f in frames)).reel, tuple(referrals))
