"""A world of two squares, as small as the contract allows."""

import numpy as np
import pytest
import torch
from small_disks import small_disk

from samwise.train.samples.batch import Batch, Collate
from samwise.train.samples.dataset import make_sample
from samwise.video.labelled import LabelledVideo, Objects, Referral

__all__ = ["small_disk"]
SIDE = 64


def squares(
    seed: int, split: str, num_frames: int, size: tuple[int, int], fps: float = 15.0
) -> LabelledVideo:
    """A red square that moves right 15 pixels a second, and a dark one that vanishes half way."""
    random = np.random.default_rng(seed)
    height, width = size
    y, x = (int(v) for v in random.integers(0, height // 2, 2))
    frames = np.full((num_frames, height, width, 3), 128, dtype=np.uint8)
    red = np.zeros((num_frames, height, width), dtype=bool)
    dark = np.zeros_like(red)
    for t in range(num_frames):
        left = x + round(15 * t / fps)
        red[t, y : y + 12, left : left + 12] = True
        dark[t, -14:, -14:] = t < (num_frames + 1) // 2
    dark &= ~red
    frames[red], frames[dark] = (220, 30, 30), (20, 20, 20)
    ways = np.zeros((num_frames, 3, 2), np.float16)
    ways[:, 1, 0], ways[:, 2, 1] = 0.25, -0.5
    codes = np.array([[0, 0, 0], [1, 3, 3], [2, 4, 1]], np.uint8)
    return LabelledVideo(
        f"{split}_{seed}",
        frames,
        (Referral("the red car", red, (1,)), Referral("the dog", dark, (2,))),
        fps,
        Objects((red * 1 + dark * 2).astype(np.uint8), ("car", "dog"), codes, ways),
    )


@pytest.fixture(scope="session")
def world():
    return squares


@pytest.fixture
def batch(tokenizer):
    """Two sentences about one video of 7 frames."""
    video = squares(seed=3, split="train", num_frames=7, size=(48, 64))
    return Collate(tokenizer)([make_sample(video, range(7), [0, 1], SIDE, semantics=True)])


@pytest.fixture
def labelled():
    """2 videos of 5 frames with 3 sentences each, full of one thing that does not move."""
    frames, ids = torch.zeros(2, 5, 3, 64, 64), torch.zeros(6, 5, dtype=torch.long)
    semantics = torch.ones(2, 5, 3, 64, 64, dtype=torch.uint8)
    masks = torch.zeros(6, 5, 64, 64, dtype=torch.bool)
    return Batch(frames, ids, ids.bool(), masks, semantics, torch.zeros(2, 5, 2, 64, 64))
