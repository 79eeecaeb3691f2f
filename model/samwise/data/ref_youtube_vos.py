"""Ref-YouTube-VOS (Seo et al., ECCV 2020): palette pictures, and sentences that each name an object in them.

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

from samwise.data.entries import Entries
from samwise.data.files import check_folder, laid_out, object_number, read_json
from samwise.data.picture_files import LabelledObject, PictureFiles, check_first, without_masks
from samwise.errors import DataError
from samwise.video.labelled import LabelledVideo, Referral
from samwise.video.natural_order import natural_key

REMEDY = (
    "the root must hold meta_expressions/ and the folder of the split with JPEGImages/ and Annotations/, "
    "as in the archives of the Ref-YouTube-VOS competition"
)


def read(root: Path, split: str, annotated: bool = True) -> tuple[LabelledVideo, ...]:
    """Return all videos of a split that have sentences.

    The listing of valid also has the videos of test, which are left out, as the competition does; valid is
    sorted by name. Frames are in the order of the listing, as the published evaluation takes them, but those
    of train in numerical order, as the training does.

    Sentences that name nothing, and videos without frames or sentences, are left out, with one warning that
    names them.

    Args:
        root: folder of the data set.
        split: train; the organisers do not publish the annotations of valid and test.
        annotated: False: sentences without annotations are read as well.

    Raises:
        DataError: for a file or folder that is missing or of another layout, or if nothing can be used.
    """
    listing = root / "meta_expressions" / split / "meta_expressions.json"
    content = read_json(listing, REMEDY)
    entries = Entries(listing)
    found: list[LabelledVideo] = []
    with laid_out(listing, "Ref-YouTube-VOS"):
        videos = dict(content["videos"].items())
    if split == "valid":
        others = _of_test(root)
        videos = {name: videos[name] for name in sorted(videos) if name not in others}
    for name, video in videos.items():
        with laid_out(listing, "Ref-YouTube-VOS", f"video {name}"):
            found.extend(_video(root / split, name, video, listing, entries, annotated))
    entries.tell(found)
    return tuple(found)


def _video(
    folder: Path, name: str, video: Mapping[str, Any], listing: Path, entries: Entries, annotated: bool
) -> list[LabelledVideo]:
    """Return the video; nothing if it has no frames or sentences."""
    if not video["expressions"]:
        entries.note(f"video {name} is left out: it has no sentences")
        return []
    frames = entries.frames(video["frames"], name)
    if folder.name == "train":
        frames = tuple(sorted(frames, key=natural_key))
    sentences = {
        number: sentence
        for number, sentence in video["expressions"].items()
        if entries.usable(sentence["exp"], f"sentence {number} of video {name}")
    }
    if not frames or not sentences:
        return []
    files, labels = tuple(f"{f}.jpg" for f in frames), tuple(f"{f}.png" for f in frames)
    pictures = PictureFiles(check_folder(folder / "JPEGImages" / name, REMEDY), files)
    entries.on_disk(pictures.folder, files, f"video {name}", REMEDY)
    place = folder / "Annotations" / name
    if not annotated and not (place.is_dir() and all("obj_id" in s for s in sentences.values())):
        expressions = {key: sentence["exp"] for key, sentence in sentences.items()}
        return [without_masks(name, pictures, frames, expressions)]
    referrals = []
    for number, sentence in sentences.items():
        if "obj_id" not in sentence:
            raise DataError(
                f"{str(listing)!r}: sentence {number} of video {name} has no obj_id: this split is published "
                "without annotations; use train, or `samwise evaluate --submission` for its server"
            )
        annotations = check_folder(place, REMEDY)
        target = LabelledObject(annotations, labels, object_number(sentence["obj_id"]), pictures)
        referrals.append(Referral(sentence["exp"], target.reel, key=number))
    entries.on_disk(annotations, labels, f"video {name}", REMEDY)
    check_first(pictures, annotations, labels)
    return [LabelledVideo(name, pictures.reel, tuple(referrals), frame_names=frames)]


def _of_test(root: Path) -> frozenset[str]:
    """The videos of the split test, as far as its listing is there."""
    listing = root / "meta_expressions" / "test" / "meta_expressions.json"
    if not listing.exists():
        return frozenset()
    content = read_json(listing, REMEDY)
    with laid_out(listing, "Ref-YouTube-VOS"):
        return frozenset(content["videos"].keys())
