"""Ref-DAVIS17 (Khoreva et al., ACCV 2018): DAVIS 2017 and four sentences about each of its objects.

    DAVIS/ImageSets/2017/<split>.txt
    DAVIS/JPEGImages/480p/<video>/<frame>.jpg
    DAVIS/Annotations_unsupervised/480p/<video>/<frame>.png
    davis_text_annotations/Davis17_annot{1,2}{,_full_video}.txt

with a line `video number "sentence"` for each sentence. Two people wrote them, each once after seeing the
first frame and once after the whole video. ReferFormer's conversion of this data set is read as
Ref-YouTube-VOS.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from pathlib import Path

from samwise.data.entries import Entries
from samwise.data.files import check_folder, object_number
from samwise.data.picture_files import LabelledObject, PictureFiles, check_first
from samwise.errors import DataError, ExpressionError
from samwise.text.sentences import check_sentence, is_blank
from samwise.video.labelled import LabelledVideo, Referral
from samwise.video.natural_order import natural_key

WRITERS = (
    ("Davis17_annot1.txt", "utf-8"),
    ("Davis17_annot1_full_video.txt", "utf-8"),
    ("Davis17_annot2.txt", "latin-1"),
    ("Davis17_annot2_full_video.txt", "latin-1"),
)
"""Files of the sentences and their encodings: first and second person, first frame and whole video."""

RENAMED = {"clasic-car": "classic-car", "dog-scale": "dogs-scale", "motor-bike": "motorbike"}
"""Videos for which the published sentences use another name than DAVIS does."""

REMEDY = (
    "the root must hold DAVIS/ of DAVIS-2017-Unsupervised-trainval-480p.zip and davis_text_annotations/ of "
    "davis_text_annotations.zip"
)

Sentences = dict[str, dict[int, list[str]]]
"""By video, then by object."""


def read(root: Path, split: str) -> tuple[LabelledVideo, ...]:
    """Return all videos of a split that have sentences; one warning names the others, which are left out.

    The sentences of a video are sorted by object, then in the order of `WRITERS`: if all four are there,
    number `4 * object + writer`, as the published evaluation counts them.

    Args:
        root: folder of the data set.
        split: train or val.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    davis = root / "DAVIS"
    sentences = _read_sentences(root / "davis_text_annotations")
    listing = davis / "ImageSets" / "2017" / f"{split}.txt"
    entries = Entries(listing)
    found = []
    for name in dict.fromkeys(_lines(listing, "utf-8")):
        if name in sentences:
            found.append(_video(davis, name, sentences[name], entries))
        else:
            entries.note(f"video {name} is left out: it has no sentences")
    entries.tell(found)
    return tuple(found)


def _video(davis: Path, name: str, sentences: dict[int, list[str]], entries: Entries) -> LabelledVideo:
    pictures = check_folder(davis / "JPEGImages" / "480p" / name, REMEDY)
    annotations = check_folder(davis / "Annotations_unsupervised" / "480p" / name, REMEDY)
    names = sorted((p.stem for p in pictures.glob("*.jpg") if not p.name.startswith(".")), key=natural_key)
    if not names:
        raise DataError(f"no pictures in {str(pictures)!r}; {REMEDY}")
    frames = PictureFiles(pictures, tuple(f"{name}.jpg" for name in names))
    labels = tuple(f"{name}.png" for name in names)
    entries.on_disk(annotations, labels, f"video {name}", REMEDY)
    check_first(frames, annotations, labels)
    referrals = tuple(
        Referral(sentence, LabelledObject(annotations, labels, number, frames).reel)
        for number, about in sorted(sentences.items())
        for sentence in about
    )
    return LabelledVideo(name, frames.reel, referrals)


def _read_sentences(folder: Path) -> Sentences:
    found: Sentences = defaultdict(lambda: defaultdict(list))
    for file, encoding in WRITERS:
        lines = _lines(folder / file, encoding)
        if not lines:
            raise DataError(f"{str(folder / file)!r} is empty; extract davis_text_annotations.zip again")
        for number, line in enumerate(lines, start=1):
            match = re.fullmatch(r"(\S+)\s+(\d+)\s+(.+)", line)
            if match is None or is_blank(match[3]):
                raise DataError(
                    f'{str(folder / file)!r}, line {number}: {line[:60]!r} is not `video number "sentence"`; '
                    "extract davis_text_annotations.zip again"
                )
            video, target, sentence = match.groups()
            try:
                check_sentence(sentence)
                owner = object_number(target)
            except (ExpressionError, ValueError) as error:
                place = f"{str(folder / file)!r}, line {number}"
                raise DataError(f"{place}: {error}; extract davis_text_annotations.zip again") from error
            # The sentences are surrounded by quotation marks of several kinds and by full stops.
            found[RENAMED.get(video, video)][owner].append(re.sub(r"^\W+|\W+$", "", sentence))
    return found


def _lines(path: Path, encoding: str) -> list[str]:
    try:
        content = path.read_bytes()
        # An editor has saved it: with such a mark it is UTF-8, whatever the file was before.
        text = content.decode("utf-8-sig" if content.startswith(codecs.BOM_UTF8) else encoding)
    except OSError as error:
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}); {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{str(path)!r} is not {encoding} ({error}); extract its archive again") from error
    return [line.strip() for line in text.splitlines() if line.strip()]
