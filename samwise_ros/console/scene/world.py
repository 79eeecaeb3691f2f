"""The synthetic world as a scene without an end: always new things, drawn ahead by a process of its own."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from samwise.video.labelled import LabelledVideo, Reel
from samwise_ros.console.scene.shots import Shot, Shots

FPS = 15.0
#: Height and width in pixels. Drawing the next video takes a fifth of a core while one is shown.
SIZE = (360, 480)
SECONDS = 12.0
#: Kinds of video, in turn.
SPLITS = ("appearance", "motion", "late", "train", "occlusion")


@dataclass(frozen=True)
class Bits:
    """Masks, eight pixels a byte, or they would take as long to hand over as the pictures.

    Attributes:
        packed: uint8 [T, ceil(H * W / 8)].
        size: height and width, pixels.
    """

    packed: NDArray[np.uint8]
    size: tuple[int, int]

    def mask(self, index: int) -> NDArray[np.bool_]:
        """One of them, bool [H, W]."""
        height, width = self.size
        return np.unpackbits(self.packed[index], count=height * width).reshape(self.size).astype(bool)


def world(seed: int, seconds: float = SECONDS) -> Shots:
    """Show one video of the world after the other.

    Args:
        seed: of the first; the same seed shows the same videos.
        seconds: length of each.
    """
    frames = round(seconds * FPS)
    with ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn"), initializer=_be_modest
    ) as pool:
        ahead = pool.submit(draw, seed, frames)
        for number in itertools.count():
            video = ahead.result()
            ahead = pool.submit(draw, seed + number + 1, frames)
            yield from _shots(video, number * frames / FPS)


def draw(seed: int, frames: int) -> LabelledVideo:
    """Draw the video with that number, of SIZE, and those of its sentences that name something."""
    # Imported late, in the process that draws.
    from samwise.world import generate

    video = generate(seed, SPLITS[seed % len(SPLITS)], frames, SIZE, FPS)
    referrals = []
    for referral in (referral for referral in video.referrals if referral.targets):
        bits = Bits(np.packbits(np.reshape(referral.masks, (frames, -1)), axis=1), SIZE)
        referrals.append(replace(referral, masks=Reel(frames, bits.mask)))
    return replace(video, referrals=tuple(referrals), objects=None)


def _shots(video: LabelledVideo, begun: float) -> Iterator[Shot]:
    suggestions = tuple(referral.expression for referral in video.referrals)
    for index, pixels in enumerate(video.frames):
        truths = {referral.expression: referral.masks[index] for referral in video.referrals}
        cue = suggestions[0] if suggestions else ""
        yield Shot(pixels, begun + index / FPS, truths, cue, suggestions)


def _be_modest() -> None:
    os.nice(10)
    # Ctrl-C is for the process that shows.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
