"""MeViS (Ding et al., ICCV 2023): sentences about motion that name any number of objects, even none.

    <split>/JPEGImages/<video>/<frame>.jpg
    <split>/meta_expressions.json
    <split>/mask_dict.json

with `{"videos": {video: {"expressions": {id: sentence}, "frames": [...]}}}`, where a sentence is
`{"exp": ..., "obj_id": [...], "anno_id": [...]}`, and `{anno_id: [...]}` with COCO run lengths for each
frame, null where the object is not visible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise.data.entries import Entries
from samwise.data.files import check_folder, laid_out, read_json
from samwise.data.picture_files import PictureFiles, without_masks
from samwise.errors import DataError
from samwise.video.labelled import LabelledVideo, Reel, Referral
from samwise.video.run_lengths import decode

REMEDY = (
    "the root must hold the folder of the split with JPEGImages/, meta_expressions.json and "
    "mask_dict.json, as in the archive of MeViS"
)

UNPUBLISHED = (
    " (only train and valid_u are published with masks; of the others `samwise evaluate --submission` writes "
    "what their server scores)"
)


@dataclass(frozen=True)
class AnnotatedTrack:
    """Run lengths of one object in all frames of its video.

    Attributes:
        file: the file that they come from.
        number: of the annotation in it.
        runs: for each frame; None where the object is not visible.
    """

    file: Path
    number: str
    runs: Sequence[Mapping[str, Any] | None]

    def mask(self, t: int, pictures: PictureFiles) -> NDArray[np.bool_] | None:
        """Return the mask in frame number t, bool `[H, W]`; None where the object is not visible.

        Raises:
            DataError: if it is damaged, or does not have the frame's size.
        """
        runs = self.runs[t]
        if runs is None:
            return None
        here = f"{str(self.file)!r}: annotation {self.number}, number {t},"
        with laid_out(self.file, "MeViS", f"annotation {self.number}, number {t}"):
            height, width = runs["size"]
            pictures.check_fit(t, (height, width), here.rstrip(","))
            try:
                return decode(runs)
            except DataError as error:
                raise DataError(
                    f"{here} of frame {str(pictures.folder / pictures.names[t])!r}: {error}"
                ) from error


@dataclass(frozen=True)
class TrackedObjects:
    """What a sentence names: all pixels of a set of objects.

    Attributes:
        pictures: the frames, which give the size where no object is visible.
        tracks: of the objects.
    """

    pictures: PictureFiles
    tracks: tuple[AnnotatedTrack, ...]

    def mask(self, t: int) -> NDArray[np.bool_]:
        """Return the mask in frame number t, bool `[H, W]`. Raises like `AnnotatedTrack.mask`."""
        shown = [mask for track in self.tracks if (mask := track.mask(t, self.pictures)) is not None]
        return np.logical_or.reduce(shown) if shown else np.zeros(self.pictures.size(t), np.bool_)


def read(root: Path, split: str, annotated: bool = True) -> tuple[LabelledVideo, ...]:
    """Return all videos of a split that have sentences.

    The masks of the whole split are kept in memory as run lengths, a few hundred megabytes for train. Frames
    are in the order of the listing, which is that of the run lengths. Sentences that name nothing, and videos
    without frames or sentences, are left out, with one warning that names them.

    Args:
        root: folder of the data set.
        split: train or valid_u; the masks of valid and test are not published.
        annotated: False: without mask_dict.json, the sentences are read all the same.

    Raises:
        DataError: for a file or folder that is missing or of another layout, or if nothing can be used.
    """
    folder = root / split
    listing, masks = folder / "meta_expressions.json", folder / "mask_dict.json"
    content = read_json(listing, REMEDY)
    tracks: Mapping[str, Any] | None = None
    if annotated or masks.exists():
        tracks = read_json(masks, f"{REMEDY}{UNPUBLISHED}")
    entries = Entries(listing)
    found: list[LabelledVideo] = []
    with laid_out(listing, "MeViS"):
        videos = content["videos"].items()
    with laid_out(masks, "MeViS"):
        tracks = None if tracks is None else dict(tracks)
    for name, video in videos:
        with laid_out(listing, "MeViS", f"video {name}"):
            found.extend(_video(folder, name, video, tracks, masks, entries))
    entries.tell(found)
    return tuple(found)


def _video(
    folder: Path,
    name: str,
    video: Mapping[str, Any],
    tracks: Mapping[str, Any] | None,
    masks: Path,
    entries: Entries,
) -> list[LabelledVideo]:
    """Return the video; nothing if it has no frames or sentences. Without tracks, its masks are unknown."""
    if not video["expressions"]:
        entries.note(f"video {name} is left out: it has no sentences")
        return []
    frames = entries.frames(video["frames"], name)
    sentences = {
        number: sentence
        for number, sentence in video["expressions"].items()
        if entries.usable(sentence["exp"], f"sentence {number} of video {name}")
    }
    if not frames or not sentences:
        return []
    files = tuple(f"{frame}.jpg" for frame in frames)
    pictures = PictureFiles(check_folder(folder / "JPEGImages" / name, REMEDY), files)
    entries.on_disk(pictures.folder, files, f"video {name}", REMEDY)
    if tracks is None:
        expressions = {key: sentence["exp"] for key, sentence in sentences.items()}
        return [without_masks(name, pictures, frames, expressions)]
    numbers = {str(i) for sentence in sentences.values() for i in sentence["anno_id"]}
    known = {number: _track(tracks, number, pictures, name, masks) for number in sorted(numbers)}
    referrals = []
    for key, sentence in sentences.items():
        target = TrackedObjects(pictures, tuple(known[str(i)] for i in sentence["anno_id"]))
        referrals.append(Referral(sentence["exp"], Reel(len(files), target.mask), key=key))
    return [LabelledVideo(name, pictures.reel, tuple(referrals), frame_names=frames)]


def _track(
    tracks: Mapping[str, Any], number: str, pictures: PictureFiles, video: str, masks: Path
) -> AnnotatedTrack:
    runs, frames = tracks.get(number), len(pictures.names)
    if not isinstance(runs, list) or len(runs) < frames:
        found = f"{len(runs)} frames long instead of {frames}" if isinstance(runs, list) else "missing"
        raise DataError(
            f"{str(masks)!r}: annotation {number}, of video {video}, is {found}; "
            "is it of another release than meta_expressions.json?"
        )
    with laid_out(masks, "MeViS", f"annotation {number}, of video {video}"):
        sizes = {
            t: (run["size"][0], run["size"][1]) for t, run in enumerate(runs[:frames]) if run is not None
        }
    _check_sizes(sizes, pictures, f"{str(masks)!r}: annotation {number}, of video {video},")
    return AnnotatedTrack(masks, number, runs)


def _check_sizes(sizes: Mapping[int, tuple[int, int]], pictures: PictureFiles, annotation: str) -> None:
    """Check one picture, for speed, and others only where the annotation has another size."""
    usual = None
    for t, size in sizes.items():
        if size != usual and pictures.can_be_read(t):
            pictures.check_fit(t, size, annotation)
            usual = size
