"""Puts the cast in space and time: anchors, paths, depth, camera."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from samwise.world.scene.casting import Role
from samwise.world.scene.motion import PASSAGES, Path, Track, make

Rng = np.random.Generator

TRIES = 10


@dataclass(frozen=True)
class Actor:
    """One object of a scene.

    Attributes:
        role: what it is.
        path: its name and direction, and its size over time.
        x, y: [T] centre in frame heights from the upper left corner of the unmoved camera.
        depth: objects of larger depth hide those of smaller.
        flipped: faces left.
        ground: [T] the y of its centre as far as its shadow is concerned.
        seed: of its looks.
    """

    role: Role
    path: Path
    x: Track
    y: Track
    depth: float
    flipped: bool
    ground: Track
    seed: int


@dataclass(frozen=True)
class Stage:
    """A scene before it is drawn: actors from the furthest to the nearest, and the camera.

    Attributes:
        actors: in order of depth.
        camera: int [T, 2], pixels (x, y) of the frame's corner within the background.
        shadows: whether objects throw shadows on the ground.
    """

    actors: tuple[Actor, ...]
    camera: npt.NDArray[np.int64]
    shadows: bool


def _passage(role: Role, anchor: tuple[float, float], aspect: float, frames: int, rng: Rng) -> Path:
    """A way into the frame to the anchor, or from the anchor out of it."""
    x, y = anchor
    side = role.size * 0.62
    ways = {"right": (-x - side, 0.0), "left": (aspect - x + side, 0.0)}
    if rng.random() < 0.25:
        ways = {"down": (0.0, -y - side), "up": (0.0, 1 - y + side)}
    names = list(ways)
    near = min(names, key=lambda n: abs(ways[n][0] + ways[n][1]))
    heading = near if rng.random() < 0.8 else names[int(rng.integers(2))]
    dx, dy = ways[heading]
    t = np.linspace(0, 1, frames) if frames > 1 else np.ones(1)
    begin = rng.uniform(0.1, 0.45)
    along = np.clip((t - begin) / rng.uniform(0.45, 0.75), 0, 1)
    if role.motion == "entering":
        return Path(role.motion, dx * (1 - along), dy * (1 - along), np.ones(frames), heading)
    opposite = {"left": "right", "right": "left", "up": "down", "down": "up"}[heading]
    return Path(role.motion, dx * along, dy * along, np.ones(frames), opposite)


def _span(low: float, high: float, path: Track, margin: float, limit: float, rng: Rng) -> float:
    """A coordinate between the two fractions of `limit` that keeps the whole path in view, if any does."""
    first, last = margin - path.min(), limit - margin - path.max()
    if first > last:
        return float((first + last) / 2)
    a, b = max(first, low * limit), min(last, high * limit)
    if a > b:
        return float(min(max((low + high) / 2 * limit, first), last))
    return float(rng.uniform(a, b))


def _crowding(x: Track, y: Track, size: float, others: list[Actor]) -> float:
    """How much the path overlaps those of others, at three moments; 0 is none."""
    worst = 0.0
    for moment in (0, len(x) // 2, len(x) - 1):
        for other in others:
            reach = 0.45 * (size + other.role.size)
            gap = max(abs(x[moment] - other.x[moment]), abs(y[moment] - other.y[moment]))
            worst = max(worst, 1 - gap / reach)
    return worst


def _put(role: Role, others: list[Actor], aspect: float, frames: int, fps: float, rng: Rng) -> Actor:
    margin = role.size * 0.42
    x0, y0, x1, y1 = role.region
    moving = make(role.motion, frames, fps, rng, role.reach) if role.motion not in PASSAGES else None
    best: tuple[float, Track, Track, Path] | None = None
    for _ in range(TRIES):
        path = moving or Path(role.motion, np.zeros(frames), np.zeros(frames), np.ones(frames))
        x = _span(x0, x1, path.x, margin, aspect, rng)
        y = _span(y0, y1, path.y, margin, 1.0, rng)
        if moving is None:
            path = _passage(role, (x, y), aspect, frames, rng)
        crowding = _crowding(x + path.x, y + path.y, role.size, others)
        if best is None or crowding < best[0]:
            best = (crowding, x + path.x, y + path.y, path)
        if crowding < 0.15:
            break
    assert best is not None
    return _actor(role, best[3], best[1], best[2], rng)


def _actor(role: Role, path: Path, x: Track, y: Track, rng: Rng) -> Actor:
    if path.direction in ("left", "right") and (rng.random() < 0.8 if role.honest else False):
        flipped = path.direction == "left"
    else:
        flipped = bool(rng.random() < 0.5)
    depth = float(y.mean()) + role.size / 2 + rng.uniform(-0.2, 0.2)
    ground = y - path.y if role.motion == "bouncing" else y
    return Actor(
        role,
        path,
        np.round(x, 6),
        np.round(y, 6),
        depth,
        flipped,
        np.round(ground, 6),
        int(rng.integers(1 << 40)),
    )


def _hide(cover: Actor, target: Actor) -> Actor:
    """Moves the cover so that the two meet, the cover in front, in the middle of the video."""
    moment = len(cover.x) // 2
    dx, dy = target.x[moment] - cover.x[moment], target.y[moment] - cover.y[moment]
    y = cover.y + dy
    return Actor(cover.role, cover.path, cover.x + dx, y, target.depth + 0.5, cover.flipped, y, cover.seed)


def _camera(frames: int, height: int, reach: int, rng: Rng) -> npt.NDArray[np.int64]:
    """A slow pan with a shaking hand, int [frames, 2], within 0 to 2 * reach."""
    t = np.linspace(-0.5, 0.5, frames) if frames > 1 else np.zeros(1)
    pan = rng.uniform(-1, 1, 2) * reach * (rng.random() < 0.6) * 1.2
    shake = rng.uniform(-1, 1, (frames, 2)) * height / 120 * rng.uniform(0, 1)
    track = np.rint(reach + t[:, None] * pan + shake).astype(np.int64)
    return np.clip(track, 0, 2 * reach)


def camera_reach(height: int) -> int:
    """Pixels that the background extends beyond the frame on each side."""
    return max(2, height // 16)


def stage(cast: list[Role], height: int, width: int, frames: int, fps: float, rng: Rng) -> Stage:
    """Finds everyone a place.

    Args:
        cast: from `casting`; the actors keep no order but depth.
        height: of the frame, pixels.
        width: of the frame, pixels.
        frames: number of frames.
        fps: frames per second.
        rng: random generator.
    """
    actors: list[Actor] = []
    for role in cast:
        actor = _put(role, actors, width / height, frames, fps, rng)
        if role.hides is not None:
            actor = _hide(actor, actors[role.hides])
        actors.append(actor)
    camera = _camera(frames, height, camera_reach(height), rng)
    return Stage(tuple(sorted(actors, key=lambda a: a.depth)), camera, bool(rng.random() < 0.6))
