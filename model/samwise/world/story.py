"""The scripted scene of the demo: two sentences, a look-alike, a late entrance, a moment behind somebody."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samwise.errors import ConfigurationError
from samwise.world.drawing.render import Footage, shoot
from samwise.world.scene.casting import Role
from samwise.world.scene.motion import Path, Track
from samwise.world.scene.staging import Actor, Stage, camera_reach

SECONDS = 16.0
ENTRANCE = 3.0  # when the first target comes in, after its look-alike has been there alone
CHANGE = 9.0  # when the second sentence is said
FIRST, SECOND = "the red car", "the green ball"
SEED = 37

Keys = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Story:
    """A scene with sentences that come one after the other.

    Attributes:
        frames: uint8 [T, H, W, 3] RGB.
        fps: frames per second.
        cues: (frame, sentence), in order; each sentence holds until the next.
        masks: bool [T, H, W] of what the sentence of the moment names; all False before it comes in.
    """

    frames: npt.NDArray[np.uint8]
    fps: float
    cues: tuple[tuple[int, str], ...]
    masks: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """One object's way through the story.

    Attributes:
        role: what it is.
        keys: (second, x, y) of its centre in frame heights; straight lines between.
        depth: objects of larger depth hide those of smaller.
        flipped: faces left.
        hop: height of its jumps in frame heights.
        seed: of its looks.
    """

    role: Role
    keys: Keys
    depth: float
    flipped: bool = False
    hop: float = 0.0
    seed: int = 0


PARTS: dict[str, Part] = {
    "tree": Part(Role("tree", "orange", 0.5), ((0, 0.17, 0.4), (16, 0.17, 0.4)), 0.1, seed=3),
    "balloon": Part(
        Role("balloon", "purple", 0.3, "up"), ((0, 0.5, 0.34), (8, 0.56, 0.2), (16, 0.48, 0.3)), 0.2, seed=5
    ),
    SECOND: Part(
        Role("ball", "green", 0.2, "bouncing"),
        ((0, 1.14, 0.5), (5, 1.02, 0.5), (9, 1.1, 0.5), (16, 0.7, 0.5)), 0.3, hop=0.07, seed=8,
    ),
    "dog": Part(
        Role("dog", "brown", 0.27, "right"),
        ((0, -0.25, 0.5), (9.2, -0.25, 0.5), (15.4, 1.65, 0.54)),
        0.4, seed=2,
    ),
    "look-alike": Part(
        Role("car", "blue", 0.36, "right"), ((0, 0.34, 0.68), (8, 0.66, 0.7), (16, 0.9, 0.68)), 0.5, seed=21
    ),
    FIRST: Part(
        Role("car", "red", 0.38, "left"),
        ((0, 1.56, 0.87), (ENTRANCE, 1.56, 0.87), (5.6, 0.98, 0.88), (10, 0.66, 0.86), (16, 0.36, 0.88)),
        0.6, flipped=True, seed=33,
    ),
}  # fmt: skip


def _actor(part: Part, times: Track) -> Actor:
    when, x, y = (np.array(v, np.float64) for v in zip(*part.keys, strict=True))
    along, ground = np.interp(times, when, x), np.interp(times, when, y)
    beat = times * 1.6 % 1
    height = part.hop * 4 * beat * (1 - beat)
    path = Path(part.role.motion, along, ground - height, np.ones(len(times)))
    return Actor(part.role, path, along, ground - height, part.depth, part.flipped, ground, part.seed)


def _camera(times: Track, reach: int) -> npt.NDArray[np.int64]:
    """A slow sweep there and back, with a hand that is not quite steady."""
    sway = 1 - np.abs(times / SECONDS * 4 % 4 - 2)
    shake = np.random.default_rng(SEED).uniform(-1.2, 1.2, (len(times), 2))
    track = np.stack([0.8 * reach * sway, 0.3 * reach * sway], axis=1) + shake + reach
    return np.clip(np.rint(track), 0, 2 * reach).astype(np.int64)


def demo_story(size: tuple[int, int] = (480, 640), fps: float = 15.0) -> Story:
    """The demo's sixteen seconds.

    Args:
        size: height and width in pixels, 3 : 4; objects are at least 70 pixels at 480 x 640.
        fps: frames per second, above 0.

    Raises:
        ConfigurationError: if the size is not 3 : 4, or smaller than 96 x 128, or `fps` is not above 0.
    """
    height, width = size
    if height * 4 != width * 3 or height < 96:
        raise ConfigurationError(
            f"the size is {height} x {width}; the story is staged for 3 : 4, from 96 x 128 on"
        )
    if not fps > 0:
        raise ConfigurationError(f"fps is {fps}; it must be above 0")
    times = np.arange(round(SECONDS * fps)) / fps
    parts = sorted(PARTS.items(), key=lambda item: item[1].depth)
    actors = tuple(_actor(part, times) for _, part in parts)
    stage = Stage(actors, _camera(times, camera_reach(height)), shadows=True)
    footage = shoot(stage, height, width, fps, np.random.default_rng(SEED))
    change = round(CHANGE * fps)
    masks = _mask(footage, parts, FIRST)
    masks[change:] = _mask(footage, parts, SECOND)[change:]
    return Story(footage.frames, fps, ((0, FIRST), (change, SECOND)), masks)


def _mask(footage: Footage, parts: list[tuple[str, Part]], name: str) -> npt.NDArray[np.bool_]:
    return footage.owners == 1 + [key for key, _ in parts].index(name)
