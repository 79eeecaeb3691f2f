"""A pen that draws one object as an antialiased, shaded RGBA sprite."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from samwise.world.objects.palette import RGB, mix, shade
from samwise.world.objects.pixels import Image, blur, resize

Points = Sequence[tuple[float, float]]

OVERSAMPLING = 2
HALF_EXTENT = 1.25  # the canvas reaches further than the unit box, so that a tilted object still fits
FRACTION_BITS = 4  # cv2 takes corners in sixteenths of a pixel
THINNEST = 2  # lines of one pixel come out differently in OpenCV 4 and 5; thicker ones are the same


@functools.cache
def _circle(count: int) -> npt.NDArray[np.float64]:
    """Corners of a regular polygon, [count, 2]; rounded, so that every libm gives the same ones."""
    turns = [2 * math.pi * k / count for k in range(count)]
    return np.array([(round(math.cos(a), 9), round(math.sin(a), 9)) for a in turns])


@functools.cache
def _spline_basis() -> npt.NDArray[np.float64]:
    """Catmull-Rom weights of four control points at six places along a segment, [6, 4]."""
    t = np.arange(6) / 6
    return np.stack(
        [
            (-t + 2 * t * t - t * t * t) / 2,
            (2 - 5 * t * t + 3 * t * t * t) / 2,
            (t + 4 * t * t - 3 * t * t * t) / 2,
            (-t * t + t * t * t) / 2,
        ],
        axis=1,
    )


@functools.cache
def grain() -> npt.NDArray[np.int16]:
    """Fixed two-scale noise, int16 [512, 512], about -40 to 40, from which object textures are cut."""
    rng = np.random.default_rng(20240607)
    fine = cv2.blur(rng.integers(0, 256, (512, 512), dtype=np.uint8), (3, 3)).astype(np.int16)
    coarse = resize(rng.integers(0, 256, (64, 64), dtype=np.uint8), 512, 512)
    return (((fine - 128) + (coarse.astype(np.int16) - 128)) >> 2).astype(np.int16)


def _smooth(points: npt.NDArray[np.float64], closed: bool) -> npt.NDArray[np.float64]:
    """A curve through the points, [6 n, 2] (closed) or [6 (n - 1) + 1, 2] (open)."""
    if closed:
        before, after, second = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
        start = points
    else:
        padded = np.concatenate([points[:1], points, points[-1:]])
        before, start, after, second = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    w = _spline_basis()[:, :, None, None]
    curve = w[:, 0] * before + w[:, 1] * start + w[:, 2] * after + w[:, 3] * second
    joined = curve.transpose(1, 0, 2).reshape(-1, 2)
    return joined if closed else np.concatenate([joined, points[-1:]])


@dataclass(frozen=True)
class Sprite:
    """A drawn object.

    Attributes:
        image: uint8 [h, w, 4], RGB premultiplied by alpha.
        x, y: pixels from the object's centre to the image's upper left corner.
    """

    image: Image
    x: int
    y: int


class Pen:
    """Draws in a unit box: x to the right and y down, both from -1 to 1; objects face right.

    Args:
        size: pixels of the box's side, at least 8.
        main: the colour that names the object.
        trim: the neutral colour of its second parts.
        phase: where in its cycle of movement the object is, 0 to 1 (legs, wings, tail).
        tilt: clockwise turn in degrees.
        stretch: factor on the width, and its inverse on the height.
        outline: 0 (none) to 1 (strong): how dark the edges of parts are drawn.
    """

    def __init__(
        self,
        size: int,
        main: RGB,
        trim: RGB,
        *,
        phase: float = 0.0,
        tilt: float = 0.0,
        stretch: float = 1.0,
        outline: float = 0.6,
    ) -> None:
        self.size = size
        self.main = main
        self.trim = trim
        self.dark = shade(main, 0.72)
        self.light = mix(main, (255, 255, 255), 0.28)
        self.phase = phase
        self.outline = outline
        self.swing = round(math.sin(2 * math.pi * phase), 6)
        side = math.ceil(size * HALF_EXTENT / 2) * 2 * OVERSAMPLING
        self._image: Image = np.zeros((side, side, 4), np.uint8)
        self._unit = size * OVERSAMPLING / 2
        c, s = round(math.cos(math.radians(tilt)), 9), round(math.sin(math.radians(tilt)), 9)
        x, y = self._unit * stretch, self._unit / stretch
        self._matrix = (c * x, -s * y, s * x, c * y)

    def _pixels(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
        a, b, c, d = self._matrix
        x, y = points[:, 0], points[:, 1]
        half = self._image.shape[0] / 2
        mapped = np.stack([x * a + y * b + half, x * c + y * d + half], axis=1)
        return np.rint(mapped * (1 << FRACTION_BITS)).astype(np.int32)

    def _fill(self, points: npt.NDArray[np.float64], colour: RGB, edge: bool) -> None:
        corners = self._pixels(points)
        cv2.fillPoly(self._image, [corners], (*colour, 255), cv2.LINE_8, FRACTION_BITS)
        if edge and self.outline > 0.05:
            ink = (*shade(colour, 1 - 0.6 * self.outline), 255)
            width = max(THINNEST, round(self._unit / 40))
            cv2.polylines(self._image, [corners], True, ink, width, cv2.LINE_8, FRACTION_BITS)

    def shape(self, points: Points, colour: RGB, edge: bool = True) -> None:
        """Fills a polygon."""
        self._fill(np.array(points, np.float64), colour, edge)

    def blob(self, points: Points, colour: RGB, edge: bool = True) -> None:
        """Fills a smooth closed curve through the points."""
        self._fill(_smooth(np.array(points, np.float64), closed=True), colour, edge)

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: RGB, edge: bool = True, turn: float = 0.0
    ) -> None:
        """Fills an ellipse; `turn` rotates it clockwise, in degrees."""
        unit = _circle(28 if max(rx, ry) > 0.15 else 14)
        px, py = unit[:, 0] * rx, unit[:, 1] * ry
        if turn:
            c, s = round(math.cos(math.radians(turn)), 9), round(math.sin(math.radians(turn)), 9)
            px, py = px * c - py * s, px * s + py * c
        self._fill(np.stack([px + x, py + y], axis=1), colour, edge)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, colour: RGB, radius: float = 0.0, edge: bool = True
    ) -> None:
        """Fills a rectangle, with rounded corners where `radius` is above 0."""
        if radius <= 0:
            self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, edge)
            return
        unit = _circle(16) * radius
        inner = np.array([(x1 - radius, y1 - radius), (x0 + radius, y1 - radius)])
        inner = np.concatenate([inner, [(x0 + radius, y0 + radius), (x1 - radius, y0 + radius)]])
        arcs = [unit[np.arange(4 * k, 4 * k + 5) % 16] + inner[k] for k in range(4)]
        self._fill(np.concatenate(arcs), colour, edge)

    def _draw(self, points: npt.NDArray[np.float64], colour: RGB, width: float) -> None:
        thickness = max(THINNEST, round(width * self._unit))
        corners = self._pixels(points)
        cv2.polylines(self._image, [corners], False, (*colour, 255), thickness, cv2.LINE_8, FRACTION_BITS)

    def stroke(self, points: Points, colour: RGB, width: float, edge: bool = False) -> None:
        """Draws a bent line of the given width (in box units)."""
        self._line(np.array(points, np.float64), colour, width, edge)

    def curve(self, points: Points, colour: RGB, width: float, edge: bool = False) -> None:
        """Draws a smooth open curve through the points."""
        self._line(_smooth(np.array(points, np.float64), closed=False), colour, width, edge)

    def _line(self, points: npt.NDArray[np.float64], colour: RGB, width: float, edge: bool) -> None:
        if edge and self.outline > 0.05:
            self._draw(points, shade(colour, 1 - 0.6 * self.outline), width + 0.05)
        self._draw(points, colour, width)

    def finish(self, texture: float, corner: tuple[int, int]) -> Sprite:
        """What was drawn, cropped.

        Light falls from the upper left on the silhouette, as if it were slightly inflated.

        Args:
            texture: strength of the surface's grain, 0 to 1.
            corner: where in the fixed noise the grain is cut, each below 512.
        """
        side = self._image.shape[0] // OVERSAMPLING
        small = cv2.resize(self._image, (side, side), interpolation=cv2.INTER_AREA)
        x, y, w, h = cv2.boundingRect(np.ascontiguousarray(small[:, :, 3]))
        sprite: Image = np.ascontiguousarray(small[y : y + h, x : x + w])
        return Sprite(_lit(sprite, texture, corner), x - side // 2, y - side // 2)


def _lit(sprite: Image, texture: float, corner: tuple[int, int]) -> Image:
    h, w = sprite.shape[:2]
    reach = max(2, max(h, w) // 9)
    soft = blur(np.pad(sprite[:, :, 3], reach), reach).astype(np.int16)
    step = max(1, reach // 2)
    here = soft[reach : reach + h, reach : reach + w]
    inner = soft[reach + step : reach + step + h, reach + step : reach + step + w]
    outer = soft[reach - step : reach - step + h, reach - step : reach - step + w]
    noise = grain()[corner[0] : corner[0] + h, corner[1] : corner[1] + w]
    if noise.shape != (h, w):  # a sprite larger than the noise
        noise = np.resize(grain(), (h, w))
    slope = (np.linspace(20, -26, h).astype(np.int16))[:, None]
    gain = 230 + (here >> 3) + ((inner - outer) >> 1) + slope + ((noise * round(16 * texture)) >> 4)
    gain = np.clip(gain, 90, 350).astype(np.uint16)
    rgb = (sprite[:, :, :3].astype(np.uint32) * gain[:, :, None]) >> 8
    out: Image = sprite.copy()
    out[:, :, :3] = np.minimum(rgb, sprite[:, :, 3:]).astype(np.uint8)
    return out
