"""Things found in a house."""

import math

import numpy as np

from samwise.world.objects.palette import CREAM, GLASS, INK, METAL, PALE, mix, shade
from samwise.world.objects.pen import Pen


def cup(pen: Pen, rng: np.random.Generator) -> None:
    """A mug with a handle, filled or empty."""
    top, bottom = rng.uniform(0.56, 0.66), rng.uniform(0.42, 0.62)
    high = rng.uniform(0.6, 0.8)
    pen.curve(
        [(bottom - 0.1, high * 0.6), (0.86, 0.42), (0.92, -0.1), (0.82, -0.34), (top - 0.12, -0.32)],
        pen.dark,
        0.13,
        edge=True,
    )
    pen.blob(
        [
            (-top, -high + 0.08),
            (-bottom, high * 0.7),
            (-bottom + 0.1, high),
            (0, high + 0.07),
            (bottom - 0.1, high),
            (bottom, high * 0.7),
            (top, -high + 0.08),
        ],
        pen.main,
    )
    if rng.random() < 0.5:
        pen.curve([(-top + 0.02, 0.06), (0, 0.16), (top - 0.02, 0.06)], mix(pen.main, pen.trim, 0.7), 0.14)
    pen.oval(0, -high + 0.06, top, 0.17, pen.light)
    pen.oval(0, -high + 0.08, top - 0.09, 0.11, (70, 44, 30) if rng.random() < 0.6 else pen.dark, edge=False)


def bottle(pen: Pen, rng: np.random.Generator) -> None:
    """A bottle with a label and a cap."""
    wide, neck = rng.uniform(0.28, 0.4), rng.uniform(0.1, 0.15)
    shoulder = rng.uniform(-0.35, -0.1)
    pen.blob(
        [
            (-neck, -0.82),
            (-neck, shoulder - 0.24),
            (-wide, shoulder + 0.12),
            (-wide, 0.86),
            (-wide + 0.06, 0.97),
            (0, 0.98),
            (wide - 0.06, 0.97),
            (wide, 0.86),
            (wide, shoulder + 0.12),
            (neck, shoulder - 0.24),
            (neck, -0.82),
        ],
        pen.main,
    )
    pen.box(-neck - 0.04, -0.97, neck + 0.04, -0.76, pen.trim)
    pen.box(-wide, 0.2, wide, 0.62, CREAM)
    pen.stroke([(-wide * 0.6, 0.34), (wide * 0.6, 0.34)], pen.dark, 0.05)
    pen.stroke([(-wide * 0.6, 0.47), (wide * 0.3, 0.47)], pen.dark, 0.04)
    pen.stroke([(-wide * 0.6, shoulder + 0.2), (-wide * 0.62, 0.1)], mix(pen.main, PALE, 0.55), 0.06)


def lamp(pen: Pen, rng: np.random.Generator) -> None:
    """A table lamp; the shade and the foot carry the colour."""
    top, bottom = rng.uniform(0.26, 0.42), rng.uniform(0.62, 0.76)
    pen.stroke([(0, 0.02), (0, 0.84)], METAL, 0.1, edge=True)
    if rng.random() < 0.5:
        pen.blob([(0, 0.2), (0.22, 0.5), (0.14, 0.84), (-0.14, 0.84), (-0.22, 0.5)], pen.dark)
    pen.blob([(-0.44, 0.97), (-0.36, 0.82), (0.36, 0.82), (0.44, 0.97)], pen.dark)
    pen.oval(0, 0.04, 0.13, 0.13, (255, 240, 180))
    pen.shape([(-top, -0.95), (top, -0.95), (bottom, 0.03), (-bottom, 0.03)], pen.main)
    pen.shape(
        [(-top * 0.2, -0.94), (top * 0.3, -0.94), (bottom * 0.3, 0.02), (-bottom * 0.3, 0.02)],
        pen.light,
        edge=False,
    )
    pen.stroke([(-bottom + 0.03, -0.02), (bottom - 0.03, -0.02)], pen.dark, 0.06)


def book(pen: Pen, rng: np.random.Generator) -> None:
    """A book, closed and standing or lying open."""
    if rng.random() < 0.6:
        wide = rng.uniform(0.52, 0.68)
        pen.shape([(-wide + 0.1, -0.9), (wide + 0.16, -0.9), (wide + 0.16, 0.84), (-wide + 0.1, 0.84)], CREAM)
        for k in range(3):
            x = wide + 0.04 + 0.04 * k
            pen.stroke([(x, -0.86), (x, 0.8)], shade(CREAM, 0.75), 0.015)
        pen.shape([(-wide, -0.84), (wide, -0.84), (wide, 0.94), (-wide, 0.94)], pen.main)
        pen.box(-wide, -0.84, -wide + 0.18, 0.94, pen.dark)
        pen.box(-wide + 0.32, -0.58, wide - 0.14, -0.24, CREAM)
        pen.stroke([(-wide + 0.42, -0.46), (wide - 0.24, -0.46)], INK, 0.05)
        pen.stroke([(-wide + 0.42, -0.35), (wide - 0.4, -0.35)], INK, 0.04)
        pen.oval((0.18) / 2, 0.34, 0.2, 0.2, pen.light)
        return
    for side in (-1, 1):
        pen.shape([(0, -0.34), (side * 0.98, -0.56), (side * 0.98, 0.52), (0, 0.7)], pen.main)
        pen.blob(
            [
                (0, -0.34),
                (side * 0.4, -0.5),
                (side * 0.84, -0.46),
                (side * 0.84, -0.1),
                (side * 0.4, -0.16),
                (0, 0.0),
            ],
            CREAM,
        )
        for k in range(2):
            pen.stroke(
                [(side * 0.14, -0.24 + 0.12 * k), (side * 0.72, -0.38 + 0.12 * k)], (120, 116, 110), 0.03
            )
    pen.stroke([(0, -0.34), (0, 0.7)], pen.dark, 0.06)


def clock(pen: Pen, rng: np.random.Generator) -> None:
    """An alarm clock with two bells; its rim and feet carry the colour."""
    for side in (-1, 1):
        pen.stroke([(side * 0.4, 0.5), (side * 0.56, 0.92)], pen.dark, 0.13, edge=True)
        pen.oval(side * 0.46, -0.68, 0.27, 0.2, pen.main, turn=side * 35)
    pen.stroke([(0, -0.7), (0, -0.94)], METAL, 0.09, edge=True)
    face = rng.uniform(0.38, 0.44)
    pen.oval(0, 0.04, 0.76, 0.76, pen.main)
    pen.oval(0, 0.04, 0.6, 0.6, mix(pen.main, pen.dark, 0.5))
    pen.oval(0, 0.04, face, face, PALE)
    for k in range(12):
        a = math.pi * k / 6
        pen.oval(
            face * 0.85 * round(math.sin(a), 6),
            0.04 + face * 0.85 * round(math.cos(a), 6),
            0.025,
            0.025,
            INK,
            edge=False,
        )
    hour, minute = rng.uniform(0, 6.28), rng.uniform(0, 6.28)
    for angle, length, width in ((hour, 0.5, 0.07), (minute, 0.75, 0.045)):
        tip = (face * length * round(math.sin(angle), 6), 0.04 - face * length * round(math.cos(angle), 6))
        pen.stroke([(0, 0.04), tip], INK, width)


def chair(pen: Pen, rng: np.random.Generator) -> None:
    """A chair seen from an angle, slatted or upholstered."""
    back = rng.uniform(-0.98, -0.8)
    leg = shade(pen.main, 0.7)
    for x0, y0, x1 in ((-0.36, 0.1, -0.4), (0.62, 0.06, 0.66)):
        pen.stroke([(x0, y0), (x1, 0.74)], shade(leg, 0.8), 0.12, edge=True)
    if rng.random() < 0.5:
        for x in (-0.62, -0.3, 0.02, 0.3):
            pen.stroke([(x, back + 0.1), (x + 0.04, 0.1)], pen.main, 0.13, edge=True)
        pen.shape([(-0.74, back), (0.4, back - 0.02), (0.42, back + 0.26), (-0.72, back + 0.28)], pen.main)
    else:
        pen.blob(
            [(-0.72, back + 0.08), (-0.2, back), (0.36, back + 0.04), (0.42, 0.1), (-0.68, 0.14)], pen.main
        )
        pen.blob(
            [(-0.54, back + 0.2), (-0.2, back + 0.14), (0.2, back + 0.16), (0.24, -0.08), (-0.5, -0.06)],
            pen.light,
            edge=False,
        )
    for x0, y0, x1 in ((-0.64, 0.3, -0.7), (0.36, 0.3, 0.38)):
        pen.stroke([(x0, y0), (x1, 0.94)], leg, 0.13, edge=True)
    pen.shape([(-0.74, 0.12), (0.46, 0.08), (0.78, 0.04), (0.76, 0.2), (0.46, 0.36), (-0.74, 0.38)], pen.main)
    pen.shape([(-0.74, 0.26), (0.46, 0.24), (0.76, 0.12), (0.76, 0.22), (0.46, 0.4), (-0.74, 0.42)], pen.dark)


def key(pen: Pen, rng: np.random.Generator) -> None:
    """A key with a round or square bow."""
    pen.box(-0.2, -0.12, 0.96, 0.12, pen.main)
    for k in range(int(rng.integers(2, 4))):
        x = 0.88 - 0.22 * k
        pen.box(x - 0.12, 0.06, x, rng.uniform(0.3, 0.46), pen.main)
    pen.box(-0.1, -0.09, 0.94, 0.09, pen.main, edge=False)
    pen.box(-0.22, -0.2, -0.06, 0.2, pen.dark)
    if rng.random() < 0.5:
        pen.oval(-0.56, 0, 0.44, 0.44, pen.main)
    else:
        pen.box(-0.98, -0.42, -0.18, 0.42, pen.main, radius=0.2)
    pen.oval(-0.6, 0, 0.18, 0.18, INK)
    pen.stroke([(0.0, -0.02), (0.86, -0.02)], pen.light, 0.05)


def hat(pen: Pen, rng: np.random.Generator) -> None:
    """A hat with a brim and a ribbon."""
    crown, high = rng.uniform(0.46, 0.56), rng.uniform(0.5, 0.85)
    pen.blob([(-0.98, 0.36), (-0.5, 0.22), (0.5, 0.22), (0.98, 0.36), (0.5, 0.58), (-0.5, 0.58)], pen.main)
    pen.blob(
        [
            (-crown, 0.36),
            (-crown * 0.9, 0.36 - high * 0.8),
            (-0.2, 0.3 - high),
            (0.2, 0.3 - high),
            (crown * 0.9, 0.36 - high * 0.8),
            (crown, 0.36),
            (0, 0.46),
        ],
        pen.main,
    )
    pen.shape(
        [(-crown, 0.14), (0, 0.22), (crown, 0.14), (crown, 0.33), (0, 0.42), (-crown, 0.33)],
        mix(pen.dark, pen.trim, 0.6),
    )
    pen.curve([(-0.2, 0.34 - high), (0, 0.44 - high), (0.2, 0.34 - high)], pen.dark, 0.05)


def umbrella(pen: Pen, rng: np.random.Generator) -> None:
    """An open umbrella with a crooked handle."""
    arch = rng.uniform(-0.9, -0.72)
    pen.curve([(0, -0.1), (0, 0.7), (0.06, 0.9), (0.24, 0.92), (0.32, 0.74)], (92, 62, 40), 0.08, edge=True)
    pen.stroke([(0, arch), (0, -0.97)], METAL, 0.06)
    pen.shape(
        [
            (-0.96, 0.1),
            (-0.9, -0.25),
            (-0.66, -0.6),
            (-0.3, arch + 0.06),
            (0, arch),
            (0.3, arch + 0.06),
            (0.66, -0.6),
            (0.9, -0.25),
            (0.96, 0.1),
            (0.64, -0.04),
            (0.32, 0.1),
            (0, -0.04),
            (-0.32, 0.1),
            (-0.64, -0.04),
        ],
        pen.main,
    )
    pen.shape(
        [(-0.32, 0.1), (-0.24, -0.4), (0, arch + 0.02), (0.24, -0.4), (0.32, 0.1), (0, -0.04)], pen.light
    )
    for side in (-1, 1):
        pen.curve([(side * 0.64, -0.04), (side * 0.5, -0.5), (0, arch)], pen.dark, 0.025)


def ball(pen: Pen, rng: np.random.Generator) -> None:
    """A beach ball, a football or a plain one."""
    style = int(rng.integers(3))
    pen.oval(0, 0, 0.96, 0.96, pen.main)
    turn = pen.phase * 360 + rng.uniform(0, 180)
    if style == 0:
        pen.oval(0, 0, 0.4, 0.95, pen.light, turn=turn)
        pen.oval(0, 0, 0.1, 0.95, pen.main, turn=turn)
    elif style == 1:
        for k in range(5):
            a = math.radians(turn) + 2 * math.pi * k / 5
            x, y = 0.62 * round(math.cos(a), 6), 0.62 * round(math.sin(a), 6)
            pen.oval(x, y, 0.19, 0.19, pen.dark, edge=False)
            pen.stroke([(0, 0), (x, y)], pen.dark, 0.04)
        pen.oval(0, 0, 0.22, 0.22, pen.dark, edge=False)
    else:
        pen.oval(0, 0, 0.95, 0.24, mix(pen.main, pen.trim, 0.65), turn=turn)
    pen.oval(-0.36, -0.42, 0.2, 0.13, mix(pen.main, PALE, 0.7), edge=False, turn=-40)


def framed_window(pen: Pen, x: float, y: float, half: float) -> None:
    """A square window with a cross bar, centred on x, y."""
    pen.box(x - half, y - half, x + half, y + half, GLASS)
    pen.stroke([(x, y - half), (x, y + half)], PALE, 0.035)
    pen.stroke([(x - half, y), (x + half, y)], PALE, 0.035)
