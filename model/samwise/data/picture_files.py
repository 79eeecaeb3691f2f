"""Frames and masks of a video that are files, each read when it is accessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from samwise.data.files import picture_size, read_labels, read_picture
from samwise.errors import DataError
from samwise.video.labelled import LabelledVideo, Reel, Referral


@dataclass(frozen=True)
class PictureFiles:
    """The frames of a video, one file each.

    Attributes:
        folder: of the files.
        names: file names in order.
    """

    folder: Path
    names: tuple[str, ...]

    def picture(self, t: int) -> NDArray[np.uint8]:
        """Return frame number t, uint8 `[H, W, 3]` RGB."""
        return read_picture(self.folder / self.names[t])

    def size(self, t: int) -> tuple[int, int]:
        """Return the height and width of frame number t."""
        return picture_size(self.folder / self.names[t])

    def can_be_read(self, t: int) -> bool:
        """Whether frame number t exists and its size can be read."""
        try:
            self.size(t)
        except DataError:
            return False
        return True

    def check_fit(self, t: int, size: tuple[int, int], annotation: str) -> None:
        """Make sure that an annotation of frame number t has the frame's size.

        Args:
            t: number of the frame.
            size: height and width of the annotation.
            annotation: names it, for the error.

        Raises:
            DataError: if it has another size, or the frame cannot be read.
        """
        height, width = self.size(t)
        if tuple(size) != (height, width):
            frame = repr(str(self.folder / self.names[t]))
            raise DataError(
                f"{annotation} is {size[1]} x {size[0]} pixels and its frame {frame} {width} x {height}: one "
                "was converted or is from another release; extract both again"
            )

    @property
    def reel(self) -> Reel[np.uint8]:
        """All frames."""
        return Reel(len(self.names), self.picture)


@dataclass(frozen=True)
class LabelledObject:
    """One object in a series of palette pictures.

    Attributes:
        folder: of the pictures.
        names: file names in order.
        number: of the object in the pictures.
        frames: the frames that the pictures belong to.
    """

    folder: Path
    names: tuple[str, ...]
    number: int
    frames: PictureFiles

    def mask(self, t: int) -> NDArray[np.bool_]:
        """Return its mask in frame number t, bool `[H, W]`.

        Raises:
            DataError: if it cannot be read, or does not have the frame's size.
        """
        return LabelPictures(self.folder, self.names, self.frames).numbers(t) == self.number

    @property
    def reel(self) -> Reel[np.bool_]:
        """All its masks."""
        return Reel(len(self.names), self.mask)


@dataclass(frozen=True)
class LabelPictures:
    """A series of palette pictures, with the numbers of all objects.

    Attributes:
        folder: of the pictures.
        names: file names in order.
        frames: the frames that the pictures belong to.
    """

    folder: Path
    names: tuple[str, ...]
    frames: PictureFiles

    def numbers(self, t: int) -> NDArray[np.uint8]:
        """Return the numbers in frame number t, uint8 `[H, W]`. Raises like `LabelledObject.mask`."""
        path = self.folder / self.names[t]
        labels = read_labels(path)
        self.frames.check_fit(t, labels.shape, repr(str(path)))
        return labels

    @property
    def reel(self) -> Reel[np.uint8]:
        """All of them."""
        return Reel(len(self.names), self.numbers)


def without_masks(
    name: str, pictures: PictureFiles, frames: tuple[str, ...], sentences: Mapping[str, str]
) -> LabelledVideo:
    """A video whose masks only the organisers have; reading one raises DataError.

    Args:
        name: of the video.
        pictures: its frames.
        frames: their names in the listing.
        sentences: by their keys in the listing.
    """
    return LabelledVideo(
        name,
        pictures.reel,
        tuple(
            Referral(
                sentence,
                _unpublished(len(frames), f"sentence {key} of video {name}"),
                key=key,
                annotated=False,
            )
            for key, sentence in sentences.items()
        ),
        frame_names=frames,
    )


def _unpublished(length: int, where: str) -> Reel[np.bool_]:
    def read(t: int) -> NDArray[np.bool_]:
        raise DataError(f"{where} has no published masks; --submission writes what their owners can score")

    return Reel(length, read)


def check_first(frames: PictureFiles, folder: Path, names: Sequence[str]) -> None:
    """Compare the sizes of a video's first frame and its first annotation, a palette picture in a folder.

    Raises:
        DataError: if their sizes differ.
    """
    annotations = PictureFiles(folder, tuple(names))
    if frames.can_be_read(0) and annotations.can_be_read(0):
        frames.check_fit(0, annotations.size(0), repr(str(folder / names[0])))
