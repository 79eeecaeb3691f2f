"""Ref-DAVIS17 (Khoreva et al., ACCV 2018): DAVIS 2017 and four sentences about each of its objects.

    DAVIS/ImageSets/2017/<split>.txt
    DAVIS/JPEGImages/480p/<video>/<frame>.jpg
    DAVIS/Annotations_unsupervised/480p/<video>/<frame>.png
    davis_text_annotations/Davis17_annot{1,2}{,_full_video}.txt

with a line `video number "sentence"` for each sentence. Two people wrote them, each once after seeing the
first frame and once after the whole video. ReferFormer's `convert_davis_to_ytvos.py`, whose result the
published evaluation reads, decides what a sentence is: its first and last character, the quotation marks, are
cut off, and nothing else. Where there is such a result, `meta_expressions/valid/meta_expressions.json` and
`valid/`, that is read.
"""

from __future__ import annotations

import codecs
from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path

from samwise.data.entries import Entries
from samwise.data.files import check_folder, laid_out, object_number, read_json
from samwise.data.picture_files import LabelledObject, LabelPictures, PictureFiles, check_first
from samwise.errors import DataError, ExpressionError
from samwise.text.sentences import check_sentence, is_blank
from samwise.video.labelled import LabelledVideo, Referral

WRITERS = (
    ("Davis17_annot1.txt", "utf-8"),
    ("Davis17_annot1_full_video.txt", "utf-8"),
    ("Davis17_annot2.txt", "latin-1"),
    ("Davis17_annot2_full_video.txt", "latin-1"),
)
"""Files of the sentences and their encodings: first and second person, first frame and whole video."""

RENAMED = {"clasic-car": "classic-car", "dog-scale": "dogs-scale", "motor-bike": "motorbike"}
"""Videos for which the published sentences use another name than DAVIS does."""

CONVERTED = {"val": "valid"}
"""What the conversion calls a split."""

REMEDY = (
    "the root must hold DAVIS/ of DAVIS-2017-Unsupervised-trainval-480p.zip and davis_text_annotations/ of "
    "davis_text_annotations.zip"
)

Lists = dict[str, list[tuple[str, str]]]
"""By video: object and sentence, sorted by object."""


def read(root: Path, split: str, annotated: bool = True) -> tuple[LabelledVideo, ...]:
    """Return all videos of a split that have sentences; one warning names the others, which are left out.

    Sentence number i of a video is about its object `i // 4`, counted from 0, and by writer `i % 4`, as the
    published evaluation counts them.

    Args:
        root: folder of the data set.
        split: train or val.
        annotated: of no use here: all masks are published.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    converted = root / "meta_expressions" / CONVERTED.get(split, split) / "meta_expressions.json"
    if converted.is_file():
        return _read_converted(root, converted)
    davis = root / "DAVIS"
    lists = [_read_list(root / "davis_text_annotations" / file, encoding) for file, encoding in WRITERS]
    listing = davis / "ImageSets" / "2017" / f"{split}.txt"
    entries = Entries(listing)
    found = []
    for name in dict.fromkeys(_lines(listing, "utf-8")):
        if all(name in sentences for sentences in lists):
            # Of every object the sentences of all writers; an object that one of them lacks ends it for all.
            by_object = zip(*(sentences[name] for sentences in lists), strict=False)
            found.append(
                _video(davis, name, [sentence for group in by_object for sentence in group], entries)
            )
        else:
            entries.note(f"video {name} is left out: it has no sentences")
    entries.tell(found)
    return tuple(found)


def _video(davis: Path, name: str, sentences: Sequence[tuple[str, str]], entries: Entries) -> LabelledVideo:
    pictures = check_folder(davis / "JPEGImages" / "480p" / name, REMEDY)
    annotations = check_folder(davis / "Annotations_unsupervised" / "480p" / name, REMEDY)
    names = sorted(p.stem for p in pictures.glob("*.jpg") if not p.name.startswith("."))
    if not names:
        raise DataError(f"no pictures in {str(pictures)!r}; {REMEDY}")
    return _labelled(name, pictures, annotations, names, sentences, entries)


def _labelled(
    name: str,
    pictures: Path,
    annotations: Path,
    names: Sequence[str],
    sentences: Sequence[tuple[str, str]],
    entries: Entries,
) -> LabelledVideo:
    frames = PictureFiles(pictures, tuple(f"{name}.jpg" for name in names))
    labels = tuple(f"{name}.png" for name in names)
    entries.on_disk(annotations, labels, f"video {name}", REMEDY)
    check_first(frames, annotations, labels)
    referrals = tuple(
        Referral(
            sentence, LabelledObject(annotations, labels, object_number(owner), frames).reel, key=str(number)
        )
        for number, (owner, sentence) in enumerate(sentences)
    )
    whole = LabelPictures(annotations, labels, frames).reel
    return LabelledVideo(name, frames.reel, referrals, frame_names=tuple(names), labels=whole)


def _read_converted(root: Path, listing: Path) -> tuple[LabelledVideo, ...]:
    """Read what ReferFormer's conversion has written."""
    content = read_json(listing, REMEDY)
    entries = Entries(listing)
    found: list[LabelledVideo] = []
    with laid_out(listing, "Ref-DAVIS17"):
        videos = content["videos"].items()
    for name, video in videos:
        with laid_out(listing, "Ref-DAVIS17", f"video {name}"):
            names = entries.frames(video["frames"], name)
            sentences = [(str(s["obj_id"]), s["exp"]) for s in video["expressions"].values()]
            for number, (owner, sentence) in enumerate(sentences):
                _check(owner, sentence, f"{str(listing)!r}, sentence {number} of video {name}")
        if not names or not sentences:
            entries.note(f"video {name} is left out: it has no sentences")
            continue
        pictures = check_folder(root / listing.parent.name / "JPEGImages" / name, REMEDY)
        # The conversion moves the pictures; who has scored with DAVIS' code has a copy there.
        places = (
            root / "DAVIS" / "Annotations_unsupervised" / "480p",
            root / listing.parent.name / "Annotations",
        )
        place = next((place for place in places if (place / name).is_dir()), places[1])
        annotations = check_folder(place / name, REMEDY)
        found.append(_labelled(name, pictures, annotations, names, sentences, entries))
    entries.tell(found)
    return tuple(found)


def _read_list(path: Path, encoding: str) -> Lists:
    """The sentences of one file, by video, sorted by object as the conversion does: by its digits."""
    lines = _lines(path, encoding)
    if not lines:
        raise DataError(f"{str(path)!r} is empty; extract davis_text_annotations.zip again")
    found: Lists = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        words = line.split()
        video, owner, quoted = words[0], "".join(words[1:2]), " ".join(words[2:])
        if not owner.isdigit() or is_blank(quoted):
            raise DataError(
                f'{str(path)!r}, line {number}: {line[:60]!r} is not `video number "sentence"`; '
                "extract davis_text_annotations.zip again"
            )
        sentence = quoted[1:-1]
        _check(owner, sentence, f"{str(path)!r}, line {number}")
        found[RENAMED.get(video, video)].append((owner, sentence))
    return {video: sorted(sentences, key=itemgetter(0)) for video, sentences in found.items()}


def _check(owner: str, sentence: str, place: str) -> None:
    try:
        check_sentence(sentence)
        object_number(owner)
    except (ExpressionError, ValueError) as error:
        raise DataError(f"{place}: {error}; extract davis_text_annotations.zip again") from error


def _lines(path: Path, encoding: str) -> list[str]:
    try:
        content = path.read_bytes()
        # An editor has saved it: with such a mark it is UTF-8, whatever the file was before.
        text = content.decode("utf-8-sig" if content.startswith(codecs.BOM_UTF8) else encoding)
    except OSError as error:
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}); {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{str(path)!r} is not {encoding} ({error}); extract its archive again") from error
    # Not `splitlines`: to it, characters of a sentence end a line, such as the dots of Windows.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]
