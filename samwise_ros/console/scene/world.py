"""The synthetic world as a scene without an end: always new things, drawn ahead by a process of its own."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samwise_ros.console.scene.shots import Shot, Shots

FPS = 15.0
#: Height and width in pixels. Drawing the next video takes a fifth of a core while one is shown.
SIZE = (360, 480)
SECONDS = 12.0
#: Kinds of video, in turn.
SPLITS = ("appearance", "motion", "late", "train", "occlusion")


@dataclass(frozen=True)
class Clip:
    """A video as it comes from the process that draws.

    Attributes:
        frames: uint8 [T, H, W, 3] RGB.
        masks: by sentence, uint8 [T, ceil(H * W / 8)]: eight pixels a byte, or they would take as long to
            hand over as the pictures.
    """

    frames: NDArray[np.uint8]
    masks: dict[str, NDArray[np.uint8]]


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
            clip = ahead.result()
            ahead = pool.submit(draw, seed + number + 1, frames)
            yield from _shots(clip, number * frames / FPS)


def draw(seed: int, frames: int) -> Clip:
    """Draw the video with that number: uint8 frames of SIZE, and the masks of its sentences."""
    # Only here, in the process that draws.
    from samwise.world import generate

    split = SPLITS[seed % len(SPLITS)]
    video = generate(seed, split, frames, SIZE, FPS)
    shown = [referral for referral in video.referrals if referral.objects]
    masks = {r.expression: np.packbits(r.masks.reshape(frames, -1), axis=1) for r in shown}
    return Clip(video.frames, masks)


def _shots(clip: Clip, begun: float) -> Iterator[Shot]:
    height, width = clip.frames.shape[1:3]
    suggestions = tuple(clip.masks)
    for index, pixels in enumerate(clip.frames):
        truths = {
            sentence: np.unpackbits(masks[index], count=height * width).reshape(height, width).astype(bool)
            for sentence, masks in clip.masks.items()
        }
        cue = suggestions[0] if suggestions else ""
        yield Shot(pixels, begun + index / FPS, truths, cue, suggestions)


def _be_modest() -> None:
    os.nice(10)
    # Ctrl-C is for the process that shows.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
