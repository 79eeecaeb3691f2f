"""The zip file that the server of a benchmark scores, where the truth is not published."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from samwise.errors import ConfigurationError, DataError
from samwise.evaluate.records import Record
from samwise.shell.placing import output_file
from samwise.video.labelled import LabelledVideo

TOPS: Mapping[str, str] = {"mevis": "", "ref-youtube-vos": "Annotations/"}
"""What stands before `<video>/<sentence>/<frame>.png`, by layout: MeViS wants no folder around it."""


def check_layout(layout: str) -> None:
    """Make sure that there is a server for a layout.

    Raises:
        ConfigurationError: if there is none.
    """
    if layout not in TOPS:
        raise ConfigurationError(
            f"there is no server to submit {layout} to, and its truth is published; --submission is for "
            f"{' and '.join(TOPS)}"
        )


class Submission:
    """Masks as PNG files in a zip file, 0 and 255, one folder for each sentence.

    Args:
        archive: to write to.
        layout: one of `TOPS`.
    """

    def __init__(self, archive: zipfile.ZipFile, layout: str) -> None:
        self._archive, self._top = archive, TOPS[layout]

    def add(self, record: Record, frames: Iterable[str]) -> None:
        """Write the masks of a sentence.

        Args:
            record: of the sentence.
            frames: the names of the video's frames.
        """
        for name, mask in zip(frames, record.masks.unpack(), strict=True):
            self._archive.writestr(_path(self._top, record.video, record.key, name), _png(mask))


@contextmanager
def submission_file(place: Path, layout: str) -> Iterator[Submission]:
    """Yield a submission; its file appears when the block ends without an exception.

    Args:
        place: of the zip file; an earlier zip file there is replaced.
        layout: one of `TOPS`.

    Raises:
        OutputError: if the place is taken by something else, or cannot be written to.
    """
    with (
        output_file(place, _foreign, overwrite=True) as made,
        # The pictures are compressed already.
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive,
    ):
        yield Submission(archive, layout)


def check_submission(file: Path, layout: str, videos: Iterable[LabelledVideo]) -> None:
    """Read a submission as the server does, and compare it with what is asked for.

    Args:
        file: the zip file.
        layout: one of `TOPS`.
        videos: all of the split.

    Raises:
        DataError: naming the first file that is missing, of another form or too much.
    """
    top = TOPS[layout]
    with zipfile.ZipFile(file) as archive:
        left = set(archive.namelist())
        for video in videos:
            for referral in video.referrals:
                for t, name in enumerate(video.frame_names):
                    path = _path(top, video.name, referral.key, name)
                    if path not in left:
                        raise DataError(f"{str(file)!r} lacks {path}, so the server would refuse it")
                    left.remove(path)
                    _check_picture(archive, path, video.frames[t].shape[:2] if t == 0 else None, file)
    if left:
        raise DataError(f"{str(file)!r} holds {min(left)}, which nobody asked for")


def _check_picture(archive: zipfile.ZipFile, path: str, size: tuple[int, ...] | None, file: Path) -> None:
    with Image.open(io.BytesIO(archive.read(path))) as picture:
        pixels = np.asarray(picture)
        if picture.mode != "L" or not set(np.unique(pixels)) <= {0, 255}:
            raise DataError(f"{str(file)!r}: {path} is not a grey picture of 0 and 255")
        if size is not None and pixels.shape != tuple(size):
            raise DataError(f"{str(file)!r}: {path} has {pixels.shape} pixels, its frame {tuple(size)}")


def _path(top: str, video: str, key: str, frame: str) -> str:
    return f"{top}{video}/{key}/{frame}.png"


def _png(mask: NDArray[np.bool_]) -> bytes:
    content = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8) * 255).save(content, "PNG")
    return content.getvalue()


def _foreign(place: Path) -> tuple[str, ...]:
    return () if zipfile.is_zipfile(place) else (place.name,)
