"""The referring video: frames, sentences about them and exact masks, wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Pixel = TypeVar("Pixel", np.uint8, np.bool_)


@dataclass(frozen=True)
class Reel(Generic[Pixel]):
    """Pictures or masks, in order, each of which is read when it is asked for, and not kept.

    Attributes:
        length: how many there are.
        read: reads number t, counted from 0.
    """

    length: int
    read: Callable[[int], NDArray[Pixel]]

    def __len__(self) -> int:
        """How many there are."""
        return self.length

    def __getitem__(self, index: int) -> NDArray[Pixel]:
        """Read one; negative numbers count from the end."""
        if not -self.length <= index < self.length:
            raise IndexError(f"frame {index} of {self.length}")
        return self.read(index % self.length)

    def __iter__(self) -> Iterator[NDArray[Pixel]]:
        """Read one after the other."""
        return (self.read(t) for t in range(self.length))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All of them, for `np.asarray`: `[T, H, W, 3]` or `[T, H, W]`."""
        return np.asarray(np.stack(list(self)), dtype)


Frames = NDArray[np.uint8] | Reel[np.uint8]
"""RGB, uint8 `[T, H, W, 3]`: in memory, or read one by one. `np.asarray` makes either an array."""
Masks = NDArray[np.bool_] | Reel[np.bool_]
"""Bool `[T, H, W]`, like `Frames`."""


@dataclass(frozen=True, eq=False)
class Referral:
    """A sentence and what it names.

    Attributes:
        expression: the sentence, as it was written.
        masks: exact, of all frames; empty where the target does not show, or nothing fits.
        targets: numbers of the objects that it names, as in `Objects`; empty where nothing fits, and where
            the video has no `Objects`.
        family: what has to be understood to find the target, as in `samwise.world`; "" where nobody says.
        key: what the data set's listing calls it; "" where there is no listing.
        annotated: whether there are masks; if not, reading one raises DataError.
    """

    expression: str
    masks: Masks
    targets: tuple[int, ...] = ()
    family: str = ""
    key: str = ""
    annotated: bool = True


@dataclass(frozen=True, eq=False)
class Objects:
    """Whose every pixel is, and what that is and does: known to those who drew the video.

    Attributes:
        owners: number of the object that a pixel shows, from 1, uint8 `[T, H, W]`; 0 where it shows none.
        kinds: what object 1, object 2 and so on are.
        codes: numbers, from 1, of kind, colour and motion of each object, uint8 `[1 + N, 3]`; row 0 is 0.
        ways: how far to the right and down, in frame heights, each object has come on the ground lately,
            float16 `[T, 1 + N, 2]`, whatever the camera does; row 0 is 0.
    """

    owners: NDArray[np.uint8]
    kinds: tuple[str, ...]
    codes: NDArray[np.uint8]
    ways: NDArray[np.float16]

    def semantics(self, t: int) -> NDArray[np.uint8]:
        """Kind, colour and motion of every pixel of frame t, uint8 `[3, H, W]`; 0 on the background."""
        return self.codes.T[:, self.owners[t]]

    def shifts(self, t: int) -> NDArray[np.float16]:
        """How far the object that each pixel of frame t shows has come, float16 `[2, H, W]`, see `ways`."""
        return self.ways[t].T[:, self.owners[t]]


@dataclass(frozen=True, eq=False)
class LabelledVideo:
    """A video with sentences about it, or a picture as a video of one frame.

    Attributes:
        name: of the video.
        frames: what the camera saw.
        referrals: at least one.
        fps: frames per second; None where nobody says.
        objects: None where it is not known whose every pixel is, as of all that nobody has drawn.
        frame_names: what the data set calls the frames; empty where there is none.
        labels: number of the object that each pixel shows, uint8 `[H, W]` a frame, 0 for none of them, 255
            where the annotators did not decide; None where the data set has no such pictures.
    """

    name: str
    frames: Frames
    referrals: tuple[Referral, ...]
    fps: float | None = None
    objects: Objects | None = None
    frame_names: tuple[str, ...] = ()
    labels: Reel[np.uint8] | None = None

    def first(self, count: int) -> LabelledVideo:
        """The first frames of it, that many, or all if there are fewer."""
        whole = self.objects
        return replace(
            self,
            frames=_first(self.frames, count),
            referrals=tuple(replace(r, masks=_first(r.masks, count)) for r in self.referrals),
            objects=whole and replace(whole, owners=whole.owners[:count], ways=whole.ways[:count]),
            frame_names=self.frame_names[:count],
            labels=self.labels and _first(self.labels, count),
        )


def _first(pictures: Any, count: int) -> Any:
    if isinstance(pictures, Reel):
        return Reel(min(count, len(pictures)), pictures.read)
    return pictures[:count]
