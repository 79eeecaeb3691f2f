"""Turns a stage into frames, and remembers which pixel belongs to whom."""

import functools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from samwise.world.drawing import background
from samwise.world.objects import KINDS
from samwise.world.objects.palette import INK, METAL, PALE, WOOD, sample
from samwise.world.objects.pen import Pen, Sprite
from samwise.world.objects.pixels import Image, resize
from samwise.world.scene.staging import Actor, Stage, camera_reach

CYCLES_PER_SECOND = 1.5
SOLID = 128  # from this alpha on a pixel belongs to the object


@dataclass(frozen=True)
class Footage:
    """What the camera saw.

    Attributes:
        frames: uint8 [T, H, W, 3] RGB.
        owners: uint8 [T, H, W], 0 where the background shows, else 1 + the actor's index.
        boxes: int [N, T, 4], x0, y0, x1, y1 of each actor's picture in pixels, hidden or cut parts included.
        areas: int [N, T], pixels of each actor were it alone and the frame endless.
    """

    frames: Image
    owners: Image
    boxes: npt.NDArray[np.int64]
    areas: npt.NDArray[np.int64]


@functools.cache
def _shadow() -> Image:
    """A soft ellipse, uint8 [32, 64], at most 110."""
    y, x = np.mgrid[-1:1:32j, -1:1:64j]
    return (np.clip(1 - x * x - y * y, 0, 1) * 110).astype(np.uint8)


@functools.cache
def _sensor_noise(strength: int) -> tuple[Image, Image]:
    """What to add and what to take away, uint8 [640, 832, 3] each."""
    rng = np.random.default_rng(7 + strength)
    shape = (640, 832, 3)
    return (
        rng.integers(0, strength + 1, shape, dtype=np.uint8),
        rng.integers(0, strength + 1, shape, dtype=np.uint8),
    )


class Puppet:
    """Draws one actor; each picture of its cycle is drawn once."""

    def __init__(self, actor: Actor, height: int) -> None:
        rng = np.random.default_rng(actor.seed)
        self._actor = actor
        self._size = max(10, round(actor.role.size * height))
        self._main = sample(actor.role.colour, rng)
        self._trim = (PALE, INK, METAL, WOOD)[int(rng.integers(4))]
        self._tilt = rng.uniform(-9, 9)
        self._stretch = rng.uniform(0.9, 1.1)
        self._outline = rng.uniform(-0.2, 1.0)
        self._texture = rng.uniform(0.1, 1.0)
        self._corner = (int(rng.integers(256)), int(rng.integers(256)))
        self._seed = int(rng.integers(1 << 40))
        self._phase = rng.uniform(0, 1)
        self._pictures: dict[int, Sprite] = {}

    def _picture(self, step: int) -> Sprite:
        if step not in self._pictures:
            kind = KINDS[self._actor.role.kind]
            pen = Pen(
                self._size,
                self._main,
                self._trim,
                phase=self._phase + step / kind.phases,
                tilt=self._tilt,
                stretch=self._stretch,
                outline=self._outline,
            )
            kind.draw(pen, np.random.default_rng(self._seed))
            sprite = pen.finish(self._texture, self._corner)
            if self._actor.flipped:
                mirrored = np.ascontiguousarray(sprite.image[:, ::-1])
                sprite = Sprite(mirrored, -sprite.x - sprite.image.shape[1], sprite.y)
            self._pictures[step] = sprite
        return self._pictures[step]

    def at(self, frame: int, fps: float) -> Sprite:
        """The picture of one frame, at its size then."""
        phases = KINDS[self._actor.role.kind].phases
        step = 0
        if phases > 1 and self._actor.role.motion != "still":
            step = int(frame / fps * CYCLES_PER_SECOND * phases) % phases
        sprite = self._picture(step)
        scale = float(self._actor.path.scale[frame])
        if scale == 1.0:
            return sprite
        h, w = sprite.image.shape[:2]
        size = max(2, round(w * scale)), max(2, round(h * scale))
        return Sprite(resize(sprite.image, *size), round(sprite.x * scale), round(sprite.y * scale))


Window = tuple[slice, slice, slice, slice]


def _clip(x: int, y: int, w: int, h: int, width: int, height: int) -> Window | None:
    """Rows and columns of the frame, and of the sprite, where the two meet."""
    x0, y0, x1, y1 = max(0, x), max(0, y), min(width, x + w), min(height, y + h)
    if x0 >= x1 or y0 >= y1:
        return None
    return slice(y0, y1), slice(x0, x1), slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)


def _paste(frame: Image, owners: Image, sprite: Image, x: int, y: int, owner: int) -> None:
    place = _clip(x, y, sprite.shape[1], sprite.shape[0], frame.shape[1], frame.shape[0])
    if place is None:
        return
    rows, columns, top, left = place
    part = sprite[top, left]
    alpha = part[:, :, 3:]
    # 256 where nothing covers, so that a sprite's empty corners leave the picture exactly as it was.
    through = 256 - alpha.astype(np.uint16) - (alpha >> 7)
    frame[rows, columns] = part[:, :, :3] + ((frame[rows, columns] * through) >> 8).astype(np.uint8)
    owners[rows, columns][part[:, :, 3] >= SOLID] = owner


def _cast_shadow(frame: Image, sprite: Sprite, x: int, y: int) -> None:
    h, w = sprite.image.shape[:2]
    size = max(2, w), max(2, w // 4)
    dark = resize(_shadow(), *size)
    place = _clip(x + sprite.x, y + sprite.y + h - size[1] * 5 // 8, *size, frame.shape[1], frame.shape[0])
    if place is None:
        return
    rows, columns, top, left = place
    light = 256 - dark[top, left].astype(np.uint16)
    frame[rows, columns] = ((frame[rows, columns] * light[:, :, None]) >> 8).astype(np.uint8)


def _grade(rng: np.random.Generator) -> Image:
    """The camera's exposure and white balance as a table, uint8 [256, 3]."""
    exposure, contrast = rng.uniform(0.86, 1.1), rng.uniform(0.88, 1.08)
    balance = rng.uniform(0.95, 1.05, 3)
    ramp = np.arange(256)[:, None]
    return np.clip(np.rint(((ramp - 118) * contrast + 118) * exposure * balance), 0, 255).astype(np.uint8)


def shoot(stage: Stage, height: int, width: int, fps: float, rng: np.random.Generator) -> Footage:
    """Films a stage.

    Args:
        stage: from `staging.stage`.
        height: of the frame, pixels; the same that the stage was made for.
        width: of the frame, pixels; as for `height`.
        fps: frames per second.
        rng: random generator for background and camera.
    """
    frames = len(stage.camera)
    reach = camera_reach(height)
    scene = background.paint(rng, height + 2 * reach, width + 2 * reach)
    puppets = [Puppet(actor, height) for actor in stage.actors]
    table = _grade(rng)[None]
    strength = int(rng.integers(0, 9))
    film = np.empty((frames, height, width, 3), np.uint8)
    owners = np.zeros((frames, height, width), np.uint8)
    boxes = np.zeros((len(puppets), frames, 4), np.int64)
    areas = np.zeros((len(puppets), frames), np.int64)
    for t, (camera_x, camera_y) in enumerate(stage.camera.tolist()):
        frame = scene[camera_y : camera_y + height, camera_x : camera_x + width].copy()
        for n, (actor, puppet) in enumerate(zip(stage.actors, puppets, strict=True)):
            sprite = puppet.at(t, fps)
            x = round(float(actor.x[t]) * height) - camera_x + reach
            y = round(float(actor.y[t]) * height) - camera_y + reach
            if stage.shadows:
                _cast_shadow(frame, sprite, x, round(float(actor.ground[t]) * height) - camera_y + reach)
            left, top = x + sprite.x, y + sprite.y
            _paste(frame, owners[t], sprite.image, left, top, n + 1)
            boxes[n, t] = left, top, left + sprite.image.shape[1], top + sprite.image.shape[0]
            areas[n, t] = np.count_nonzero(sprite.image[:, :, 3] >= SOLID)
        frame = np.asarray(cv2.LUT(frame, table), np.uint8)
        film[t] = _grainy(frame, strength, rng) if strength > 1 else frame
    return Footage(film, owners, boxes, areas)


def _grainy(frame: Image, strength: int, rng: np.random.Generator) -> Image:
    height, width = frame.shape[:2]
    more, less = _sensor_noise(strength)
    y, x = int(rng.integers(max(1, 640 - height))), int(rng.integers(max(1, 832 - width)))
    more, less = more[y : y + height, x : x + width], less[y : y + height, x : x + width]
    if more.shape != frame.shape:  # a frame larger than the noise; it stays clean
        return frame
    return np.asarray(cv2.subtract(cv2.add(frame, more), less), np.uint8)
