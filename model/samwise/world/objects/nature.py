"""Plants, fruit, a star, and a house to put in a garden."""

import math

import numpy as np

from samwise.world.objects.household import framed_window
from samwise.world.objects.palette import CREAM, INK, PALE, WOOD, mix, shade
from samwise.world.objects.pen import Pen


def _ring(count: int, radius: float, start: float = 0.0) -> list[tuple[float, float]]:
    angles = [start + 2 * math.pi * k / count for k in range(count)]
    return [(radius * round(math.cos(a), 6), radius * round(math.sin(a), 6)) for a in angles]


def tree(pen: Pen, rng: np.random.Generator) -> None:
    """A leafy tree or a fir; the leaves carry the colour."""
    trunk = rng.uniform(0.09, 0.15)
    pen.shape([(-trunk, 0.1), (trunk, 0.1), (trunk * 1.6, 0.98), (-trunk * 1.6, 0.98)], shade(WOOD, 0.75))
    if rng.random() < 0.4:
        for k in range(3):
            y, half = -0.9 + 0.44 * k, 0.34 + 0.16 * k
            pen.shape(
                [
                    (0, y - 0.08),
                    (half, y + 0.6),
                    (half * 0.4, y + 0.52),
                    (-half * 0.4, y + 0.52),
                    (-half, y + 0.6),
                ],
                (pen.light, pen.main, pen.dark)[2 - k],
            )
        return
    bumps = int(rng.integers(6, 9))
    for x, y in _ring(bumps, 0.42, rng.uniform(0, 1)):
        pen.oval(x * 1.15, y * 0.9 - 0.3, 0.32, 0.3, pen.dark if y > 0.1 else pen.main)
    pen.oval(0, -0.3, 0.52, 0.46, pen.main, edge=False)
    for _ in range(9):
        x, y = rng.uniform(-0.5, 0.5), rng.uniform(-0.75, 0.1)
        pen.oval(x, y, 0.1, 0.07, pen.light if y < -0.3 else pen.dark, edge=False)


def flower(pen: Pen, rng: np.random.Generator) -> None:
    """A flower on a stem; the petals carry the colour."""
    petals = int(rng.integers(5, 9))
    green = (58, 110, 52)
    bend = rng.uniform(-0.15, 0.15)
    pen.curve([(0, -0.3), (bend, 0.3), (0, 0.98)], green, 0.09, edge=True)
    for side in (-1, 1):
        pen.blob([(bend * 0.5, 0.7), (side * 0.3, 0.42), (side * 0.52, 0.46), (side * 0.3, 0.68)], green)
    reach = rng.uniform(0.36, 0.42)
    for k, (x, y) in enumerate(_ring(petals, reach, rng.uniform(0, 1))):
        angle = math.degrees(math.atan2(y, x))
        pen.oval(
            x, y - 0.3, 0.3, 0.74 / petals + 0.06, pen.main if k % 2 else pen.light, turn=round(angle, 3)
        )
    pen.oval(0, -0.3, 0.18, 0.18, (120, 82, 30) if rng.random() < 0.5 else (222, 182, 60))


def mushroom(pen: Pen, rng: np.random.Generator) -> None:
    """A mushroom; the cap carries the colour."""
    stem, wide = rng.uniform(0.2, 0.28), rng.uniform(0.8, 0.96)
    pen.blob(
        [(-stem, 0.0), (-stem * 1.3, 0.8), (-stem, 0.95), (stem, 0.95), (stem * 1.3, 0.8), (stem, 0.0)], CREAM
    )
    pen.blob(
        [
            (-wide, 0.14),
            (-wide * 0.8, -0.44),
            (-0.3, -0.86),
            (0.3, -0.86),
            (wide * 0.8, -0.44),
            (wide, 0.14),
            (0.4, 0.26),
            (-0.4, 0.26),
        ],
        pen.main,
    )
    pen.blob([(-wide * 0.8, 0.13), (0, 0.06), (wide * 0.8, 0.13), (0, 0.27)], shade(CREAM, 0.8))
    spot = pen.light if rng.random() < 0.5 else mix(pen.main, PALE, 0.75)
    for x, y, r in ((-0.42, -0.3, 0.13), (0.06, -0.56, 0.15), (0.5, -0.24, 0.12), (0.06, -0.12, 0.1)):
        pen.oval(x + rng.uniform(-0.06, 0.06), y, r, r * 0.8, spot, edge=False)


def star(pen: Pen, rng: np.random.Generator) -> None:
    """A star with five or six points."""
    count = int(rng.integers(5, 7))
    inner = rng.uniform(0.42, 0.52)
    outside = _ring(count, 0.97, -math.pi / 2)
    inside = _ring(count, inner, -math.pi / 2 + math.pi / count)
    corners = [p for pair in zip(outside, inside, strict=True) for p in pair]
    pen.shape(corners, pen.main)
    for k in range(count):
        pen.shape([(0, 0), outside[k], inside[k]], pen.light, edge=False)
        pen.shape(
            [(0, 0), inside[k], outside[(k + 1) % count]],
            pen.main if k % 2 else mix(pen.main, pen.dark, 0.4),
            edge=False,
        )


def apple(pen: Pen, rng: np.random.Generator) -> None:
    """An apple with a stalk and a leaf."""
    wide = rng.uniform(0.78, 0.9)
    pen.curve([(0, -0.5), (0.04, -0.76), (0.14, -0.94)], (84, 56, 32), 0.1)
    pen.blob(
        [
            (0, -0.5),
            (-0.4, -0.62),
            (-wide, -0.3),
            (-wide * 0.92, 0.36),
            (-0.42, 0.86),
            (0, 0.78),
            (0.42, 0.86),
            (wide * 0.92, 0.36),
            (wide, -0.3),
            (0.4, -0.62),
        ],
        pen.main,
    )
    pen.blob([(0.08, -0.66), (0.3, -0.9), (0.6, -0.86), (0.4, -0.66)], (70, 122, 56))
    pen.oval(-wide * 0.5, -0.22, 0.12, 0.22, mix(pen.main, PALE, 0.6), edge=False, turn=20)
    pen.oval(0, -0.48, 0.18, 0.06, pen.dark, edge=False)


def house(pen: Pen, rng: np.random.Generator) -> None:
    """A house; the walls carry the colour, the roof a darker shade of it."""
    ridge = rng.uniform(-0.98, -0.8)
    eaves = rng.uniform(-0.3, -0.14)
    if rng.random() < 0.6:
        x = rng.uniform(0.3, 0.5)
        pen.box(x, ridge + 0.02, x + 0.2, eaves, shade(WOOD, 0.7))
    pen.box(-0.74, eaves, 0.74, 0.94, pen.main)
    for k in range(1, 5):
        y = eaves + k * (0.94 - eaves) / 5
        pen.stroke([(-0.72, y), (0.72, y)], mix(pen.main, pen.dark, 0.5), 0.02)
    pen.shape([(-0.96, eaves + 0.06), (0, ridge), (0.96, eaves + 0.06)], pen.dark)
    door = rng.uniform(-0.4, 0.1)
    pen.box(door, 0.34, door + 0.32, 0.94, WOOD)
    pen.oval(door + 0.26, 0.66, 0.03, 0.03, INK, edge=False)
    framed_window(pen, -0.45 if door > -0.15 else 0.42, 0.3, 0.18)
    if rng.random() < 0.5:
        pen.oval(0, eaves - 0.22, 0.12, 0.12, PALE)
