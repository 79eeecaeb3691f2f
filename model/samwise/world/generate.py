"""The generator: a seed in, a video with its sentences and exact masks out."""

from dataclasses import dataclass

import numpy as np

from samwise.errors import ConfigurationError
from samwise.video.labelled import LabelledVideo, Objects, Referral
from samwise.world.drawing.render import Footage, shoot
from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.casting import Agency, cast_for
from samwise.world.scene.motion import CLAIMS
from samwise.world.scene.splits import TRAINING_SPLITS, rng_of
from samwise.world.scene.staging import Stage, stage
from samwise.world.words.facts import MOTION_FRAMES, Facts
from samwise.world.words.query import ABSENT
from samwise.world.words.referral import Named, ask

SMALLEST_SIDE = 48
SENTENCES = {"train": 5, "crowd": 10, "parade": 10, "arrivals": 8}
"""Most sentences with a target that a video has; 3 in the splits not named."""
TAKES = 60
SHIFT_FRAMES = 3
"""Frames over which `Objects.ways` looks back."""


@dataclass(frozen=True)
class Take:
    """A filmed scene with all that is known of it.

    Attributes:
        stage: who does what.
        footage: what the camera saw.
        facts: what is true of it.
        named: sentences, each with its meaning and its target.
    """

    stage: Stage
    footage: Footage
    facts: Facts
    named: tuple[Named, ...]


def generate(
    seed: int,
    split: str = "train",
    num_frames: int = 8,
    size: tuple[int, int] = (192, 256),
    fps: float = 15.0,
) -> LabelledVideo:
    """Makes one video. The same arguments give the same bytes everywhere.

    Args:
        seed: number of the video within its split, at least 0.
        split: one of `SPLITS`.
        num_frames: 1 (a picture) or more; sentences about motion need 4.
        size: height and width in pixels, each at least 48.
        fps: frames per second, above 0; the fewer, the further things move between frames.

    Returns:
        A video in memory, with its `Objects`. Their codes are 1 + the indices in `KINDS`, `COLOURS` and
        `CLAIMS`, and their ways those of the last `SHIFT_FRAMES` frames, or since the first one.

    Raises:
        ConfigurationError: if an argument is out of range.
    """
    take = film(seed, split, num_frames, size, fps)
    referrals = tuple(_referral(named, take.footage) for named in take.named)
    return LabelledVideo(name_of(split, seed), take.footage.frames, referrals, fps, _objects(take))


def name_of(split: str, seed: int) -> str:
    """Name of the video that `generate` makes."""
    return f"{split}_{seed:06d}"


def film(seed: int, split: str, num_frames: int, size: tuple[int, int], fps: float) -> Take:
    """Like `generate`, with everything that a video does not tell.

    Raises:
        ConfigurationError: if an argument is out of range.
    """
    _check(split, num_frames, size, fps)
    height, width = size
    rng = rng_of(split, seed)
    for _ in range(TAKES):
        agency = Agency(rng, num_frames >= MOTION_FRAMES, split == "unseen")
        scene = stage(cast_for(split, agency), height, width, num_frames, fps, rng)
        footage = shoot(scene, height, width, fps, rng)
        facts = Facts(scene, footage)
        absent = int(rng.integers(0, 3)) if split in TRAINING_SPLITS else 2 if split == "absent" else 0
        named = ask(facts, split, rng, SENTENCES.get(split, 3), absent)
        if any(n.target != ABSENT for n in named) or (named and split == "absent"):
            return Take(scene, footage, facts, tuple(named))
    raise ConfigurationError(
        f"no sentence fits seed {seed} of {split!r} after {TAKES} scenes; take another seed"
    )


def _check(split: str, num_frames: int, size: tuple[int, int], fps: float) -> None:
    height, width = size
    if num_frames < 1:
        raise ConfigurationError(f"num_frames is {num_frames}; a video has at least 1")
    if min(height, width) < SMALLEST_SIDE:
        raise ConfigurationError(
            f"the size is {height} x {width}; each side must be at least {SMALLEST_SIDE} pixels"
        )
    if not fps > 0:
        raise ConfigurationError(f"fps is {fps}; it must be above 0")
    if split in ("motion", "late", "occlusion") and num_frames < MOTION_FRAMES:
        raise ConfigurationError(
            f"num_frames is {num_frames}; the split {split!r} needs {MOTION_FRAMES} or more"
        )


def _objects(take: Take) -> Objects:
    actors, owners = take.stage.actors, take.footage.owners
    names = tuple(KINDS), tuple(COLOURS), CLAIMS
    found = [(a.role.kind, a.role.colour, a.path.motion) for a in actors]
    codes = [[1 + known.index(name) for known, name in zip(names, own, strict=True)] for own in found]
    track = np.zeros((len(owners), 1 + len(actors), 2))
    track[:, 1:] = np.moveaxis(np.asarray([(a.x, a.y) for a in actors]), -1, 0)
    ways = track - track[np.maximum(np.arange(len(owners)) - SHIFT_FRAMES, 0)]
    kinds = tuple(actor.role.kind for actor in actors)
    return Objects(owners, kinds, np.asarray([[0, 0, 0], *codes], np.uint8), ways.astype(np.float16))


def _referral(named: Named, footage: Footage) -> Referral:
    if named.target == ABSENT:
        return Referral(named.sentence, np.zeros(footage.owners.shape, bool), family="absent")
    number = named.target + 1
    return Referral(named.sentence, footage.owners == number, (number,), named.query.family)
