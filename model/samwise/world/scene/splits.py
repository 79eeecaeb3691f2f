"""The named splits: their seeds, and the pairs that only `unseen` may show."""

import numpy as np

from samwise.errors import ConfigurationError
from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.motion import MOTIONS

TRAINING_SPLITS: tuple[str, ...] = ("train", "crowd", "parade", "arrivals")
"""Scenes to learn from; `crowd` shows many things at once, all of which encoders can learn from, `parade`
twins that only their motions tell apart, and `arrivals` things that come, go, and are hidden for a while."""
TEST_SPLITS: tuple[str, ...] = ("appearance", "motion", "late", "occlusion", "absent", "unseen")
# A split's place in this list is part of its seeds.
SPLITS: tuple[str, ...] = ("train", *TEST_SPLITS, "crowd", "parade", "arrivals")
SEEDS_PER_SPLIT = 1 << 40
"""How many videos a split has. Every split starts its generator elsewhere, so no two share one."""

_KIND_ORDER = tuple(KINDS)
_COLOUR_ORDER = tuple(COLOURS)
_HELD_OUT_MOTIONS = tuple(m for m in MOTIONS if m != "still")


def rng_of(split: str, seed: int) -> np.random.Generator:
    """The random generator of one video.

    Raises:
        ConfigurationError: if the split is unknown, or the seed is out of range.
    """
    if split not in SPLITS:
        raise ConfigurationError(f"no split is called {split!r}; choose one of {', '.join(SPLITS)}")
    if not 0 <= seed < SEEDS_PER_SPLIT:
        raise ConfigurationError(f"the seed is {seed}; it must be at least 0 and below {SEEDS_PER_SPLIT}")
    return np.random.default_rng(SPLITS.index(split) * SEEDS_PER_SPLIT + seed)


def held_out_colour(kind: str) -> str:
    """The colour that `kind` never has outside the split `unseen`."""
    return _COLOUR_ORDER[(7 * _KIND_ORDER.index(kind) + 6) % len(_COLOUR_ORDER)]


def held_out_motion(kind: str) -> str:
    """The motion that `kind` never makes outside the split `unseen`."""
    return _HELD_OUT_MOTIONS[(5 * _KIND_ORDER.index(kind) + 2) % len(_HELD_OUT_MOTIONS)]
