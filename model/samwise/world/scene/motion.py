"""How objects move: paths relative to where they are put, and what each path may be called."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samwise.errors import ConfigurationError

Track = npt.NDArray[np.float64]

DIRECTIONS: dict[str, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
MOTIONS: tuple[str, ...] = (
    "still", "left", "right", "up", "down", "circling", "growing", "shrinking", "bouncing", "shaking",
    "starting", "stopping", "turning",
)  # fmt: skip
PASSAGES: tuple[str, ...] = ("entering", "leaving")
"""Motions across the frame's edge; the scene decides where."""
CLAIMS: tuple[str, ...] = (*MOTIONS, *PASSAGES)
"""All that a path can be called."""


@dataclass(frozen=True)
class Path:
    """The way of one object.

    Attributes:
        motion: what it is called, one of `MOTIONS` or `PASSAGES`.
        x, y: [T] displacement in frame heights.
        scale: [T] size as a fraction of the object's largest, 0 to 1.
        direction: where it mainly heads: left, right, up, down or "" (nowhere in particular).
    """

    motion: str
    x: Track
    y: Track
    scale: Track
    direction: str = ""


def _eased(values: Track) -> Track:
    return np.round(values, 7)


def _waves(turns: Track, offset: float) -> Track:
    return np.array([math.sin(2 * math.pi * (t + offset)) for t in turns.tolist()])


def make(motion: str, frames: int, fps: float, rng: np.random.Generator, reach: float = 0.0) -> Path:
    """A path of `frames` frames, slow enough to be followed and far enough to be told apart.

    Args:
        motion: one of `MOTIONS`.
        frames: number of frames, at least 1.
        fps: frames per second; keeps the speed of long videos natural.
        rng: random generator.
        reach: frame heights that it goes at least, if it goes anywhere.

    Raises:
        ConfigurationError: if `motion` is unknown.
    """
    if motion not in MOTIONS:
        raise ConfigurationError(f"no motion is called {motion!r}; choose one of {', '.join(MOTIONS)}")
    t: Track = np.linspace(0, 1, frames) if frames > 1 else np.zeros(1)
    seconds = max(1, frames - 1) / fps
    zero, one = np.zeros(frames), np.ones(frames)
    if motion in DIRECTIONS:
        reach = max(reach, travel(seconds, rng))
        dx, dy = DIRECTIONS[motion]
        drift = rng.uniform(-0.12, 0.12) * reach
        x, y = dx * reach * t + abs(dy) * drift * t, dy * reach * t + abs(dx) * drift * t
        return Path(motion, _eased(x), _eased(y), one, motion)
    if motion in ("starting", "stopping", "turning"):
        direction = _heading(rng)
        dx, dy = DIRECTIONS[direction]
        along = max(reach, 0.14, travel(seconds, rng)) * _progress(motion, t, seconds, rng)
        return Path(motion, _eased(dx * along), _eased(dy * along), one, direction)
    if motion == "circling":
        radius = rng.uniform(0.07, 0.16)
        turns = max(rng.uniform(0.6, 1.15), seconds / rng.uniform(0.6, 1.1))
        phase, sense = rng.uniform(0, 1), 1 if rng.random() < 0.5 else -1
        x, y = radius * _waves(turns * t * sense, phase), radius * _waves(turns * t * sense, phase + 0.25)
        return Path(motion, _eased(x), _eased(y), one)
    if motion in ("growing", "shrinking"):
        low = rng.uniform(0.42, 0.8) if seconds < 1 else rng.uniform(0.35, 0.5)
        scale = low + (1 - low) * t
        return Path(motion, zero, zero, _eased(scale if motion == "growing" else scale[::-1].copy()))
    if motion == "bouncing":
        high = rng.uniform(0.1, 0.24)
        hops = max(rng.uniform(1.1, 2.2), seconds / rng.uniform(0.4, 0.8))
        hop = hops * t % 1
        drift = rng.uniform(-0.08, 0.08)
        return Path(motion, _eased(drift * t), _eased(-high * 4 * hop * (1 - hop)), one)
    if motion == "shaking":
        swings = max(rng.uniform(1.8, 2.6), seconds / rng.uniform(0.35, 0.5))
        return Path(motion, _eased(rng.uniform(0.045, 0.08) * _waves(swings * t, 0.0)), zero, one)
    return Path("still", zero, zero, one)


def _heading(rng: np.random.Generator) -> str:
    """A direction, sideways more often than not."""
    ways = ("left", "right") if rng.random() < 0.72 else ("up", "down")
    return ways[int(rng.integers(2))]


def _progress(motion: str, t: Track, seconds: float, rng: np.random.Generator) -> Track:
    """How far an object that starts, stops or turns is on its way at times `t`, 0 to 1."""
    change = rng.uniform(0.2, 0.5)
    if motion == "starting":
        return np.clip((t - change) / (1 - change), 0, 1)
    if motion == "stopping":
        return np.clip(t / (change + 0.15), 0, 1)
    # There and back; in long videos again and again, for nobody remembers a single turn for long.
    legs = max(1 / (change + 0.2), seconds / rng.uniform(0.5, 0.9))
    return 1 - np.abs(legs * t % 2 - 1)


def travel(seconds: float, rng: np.random.Generator) -> float:
    """A distance in frame heights: 0.17 to 1.2 a second, slow more often than fast; 0.8 at most in all."""
    slow, fast = min(0.17 * seconds, 0.5), min(1.2 * seconds, 0.8)
    return float(slow + (fast - slow) * rng.random() * rng.random())


_AXIS = {
    "left": ("left", "right"),
    "right": ("left", "right"),
    "up": ("up", "down"),
    "down": ("up", "down"),
    "": (),
}
_UNCLEAR: dict[str, tuple[str, ...]] = {
    "still": (),
    "circling": ("left", "right", "up", "down", "turning"),
    "growing": ("moving", "still", "up", "down"),
    "shrinking": ("moving", "still", "up", "down"),
    "bouncing": ("up", "down", "turning", "left", "right"),
    "shaking": ("left", "right", "turning", "still"),
    "starting": ("moving", "still"),
    "stopping": ("moving", "still"),
    "turning": ("shaking", "stopping", "starting"),
    "entering": ("moving", "starting", "stopping", "left", "right", "up", "down"),
    "leaving": ("moving", "starting", "stopping", "left", "right", "up", "down"),
}


def verdict(motion: str, direction: str, claim: str) -> bool | None:
    """Whether an object on such a path fits a claim: True, False, or None where people could disagree.

    Args:
        motion: the path's name, one of `MOTIONS` or `PASSAGES`.
        direction: the path's direction.
        claim: "moving" or one of `MOTIONS` or `PASSAGES`.
    """
    if claim == motion:
        return True
    if motion in DIRECTIONS:
        return claim == "moving"
    if claim in _UNCLEAR[motion]:
        return None
    if motion in ("starting", "stopping", "turning") and claim in _AXIS[direction]:
        return None
    return claim == "moving" and motion not in ("still",)
