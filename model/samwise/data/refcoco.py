"""RefCOCO, RefCOCO+ (Yu et al., ECCV 2016) and RefCOCOg (Mao et al., CVPR 2016): sentences about pictures.

    train2014/COCO_train2014_<number>.jpg      (or images/mscoco/images/train2014/)
    <data set>/refs(unc).p                     (refcocog: refs(umd).p)
    <data set>/instances.json

as github.com/lichengunc/refer distributes them: a pickle with the sentences, and COCO's annotations.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samwise.data.entries import Entries
from samwise.data.files import laid_out, read_json
from samwise.data.picture_files import PictureFiles
from samwise.errors import DataError
from samwise.video.labelled import LabelledVideo, Reel, Referral
from samwise.video.run_lengths import decode, from_polygons

PARTITIONS = {"refcoco": "unc", "refcoco+": "unc", "refcocog": "umd"}
"""Who divided each data set into splits; the published training uses these splits."""

PICTURES = ("train2014", "images/mscoco/images/train2014")

REMEDY = (
    "the root must hold train2014/ of COCO 2014 and a folder of refcoco.zip, refcoco+.zip or refcocog.zip "
    "from github.com/lichengunc/refer"
)


class PlainUnpickler(pickle.Unpickler):
    """Reads pickles of numbers, text, lists and dictionaries, and refuses anything else.

    A pickle can make its reader call any function, and so run code; these files come from the network.
    """

    def find_class(self, module: str, name: str) -> Any:
        """Refuse: plain data needs nothing from any module.

        Raises:
            UnpicklingError: always.
        """
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which plain data does not")


@dataclass(frozen=True)
class Outline:
    """Where the target of a picture is.

    Attributes:
        file: of the annotations.
        number: of the annotation in the file.
        segmentation: polygons or run lengths, as in COCO.
        height, width: of the picture, as the file says.
        pictures: the picture itself.
    """

    file: Path
    number: int
    segmentation: Any
    height: int
    width: int
    pictures: PictureFiles

    def mask(self, t: int) -> NDArray[np.bool_]:
        """Return the mask, bool `[H, W]`, the same for every t.

        Raises:
            DataError: if it is damaged, or does not have the picture's size.
        """
        here = f"{str(self.file)!r}: annotation {self.number}"
        with laid_out(self.file, "COCO annotations", f"annotation {self.number}"):
            runs = self.segmentation if isinstance(self.segmentation, Mapping) else None
            height, width = (self.height, self.width) if runs is None else runs["size"]
            self.pictures.check_fit(0, (height, width), here)
            try:
                return from_polygons(self.segmentation, height, width) if runs is None else decode(runs)
            except DataError as error:
                raise DataError(f"{here}: {error}") from error


def read(name: str, root: Path, split: str, annotated: bool = True) -> tuple[LabelledVideo, ...]:
    """Return all pictures of a split, each with all sentences about it.

    Args:
        name: refcoco, refcoco+ or refcocog.
        root: folder of the data sets.
        split: train, val, and testA and testB, or test (refcocog).
        annotated: of no use here: all masks are published.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    folder = _pictures(root)
    sentences = root / name / f"refs({PARTITIONS[name]}).p"
    instances = root / name / "instances.json"
    refs = _unpickle(sentences)
    entries = Entries(sentences)
    content = read_json(instances, REMEDY)
    with laid_out(instances, "COCO annotations"):
        pictures = {image["id"]: image for image in content["images"]}
        annotations = {annotation["id"]: annotation for annotation in content["annotations"]}
    about: dict[int, list[Referral]] = defaultdict(list)
    with laid_out(sentences, "the sentences of RefCOCO"):
        for ref in refs:
            if ref["split"] != split:
                continue
            picture = pictures[ref["image_id"]]
            outline = Outline(
                instances,
                ref["ann_id"],
                annotations[ref["ann_id"]]["segmentation"],
                picture["height"],
                picture["width"],
                PictureFiles(folder, (picture["file_name"],)),
            )
            about[ref["image_id"]] += [
                Referral(sentence["sent"], Reel(1, outline.mask))
                for number, sentence in enumerate(ref["sentences"])
                if entries.usable(sentence["sent"], f"sentence {number} of {picture['file_name']}")
            ]
        if not about:
            splits = ", ".join(sorted({str(ref["split"]) for ref in refs})) or "no sentences at all"
            raise DataError(f"{str(sentences)!r} has no split {split!r}; it has {splits}")
    files = {number: pictures[number]["file_name"] for number in about}
    entries.on_disk(folder, sorted(files.values()), f"split {split}", REMEDY)
    found = tuple(
        LabelledVideo(Path(files[i]).stem, PictureFiles(folder, (files[i],)).reel, tuple(referrals))
        for i, referrals in about.items()
        if referrals
    )
    entries.tell(found)
    return found


def _pictures(root: Path) -> Path:
    for place in PICTURES:
        if (root / place).is_dir():
            return root / place
    raise DataError(f"no folder {' or '.join(PICTURES)} in {str(root)!r}; {REMEDY}")


def _unpickle(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            # Python 2 wrote them; latin-1 reads its byte strings, whatever is in them.
            return PlainUnpickler(file, encoding="latin-1").load()
    except OSError as error:
        raise DataError(f"cannot read {str(path)!r} ({error.strerror}); {REMEDY}") from error
    except (pickle.UnpicklingError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(f"{str(path)!r} is not plain pickled data ({error}); download it again") from error
