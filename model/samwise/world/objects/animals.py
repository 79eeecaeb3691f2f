"""Animals, and the two that walk upright: the person and the robot."""

import numpy as np

from samwise.world.objects.palette import HAIRS, INK, METAL, PALE, SKINS, mix, shade
from samwise.world.objects.pen import Pen


def _eye(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.oval(x, y, radius, radius, PALE)
    pen.oval(x + radius * 0.25, y, radius * 0.55, radius * 0.6, INK, edge=False)


def _spots(pen: Pen, rng: np.random.Generator, x: float, y: float, rx: float, ry: float) -> None:
    tone = pen.dark if rng.random() < 0.5 else pen.light
    for _ in range(int(rng.integers(2, 5))):
        px, py = x + rng.uniform(-rx, rx) * 0.7, y + rng.uniform(-ry, ry) * 0.6
        pen.oval(px, py, rng.uniform(0.05, 0.11), rng.uniform(0.04, 0.08), tone, edge=False)


def dog(pen: Pen, rng: np.random.Generator) -> None:
    """A dog from the side: long snout, hanging ears, tail up."""
    belly, leg = rng.uniform(0.2, 0.32), rng.uniform(0.7, 0.9)
    s = pen.swing * 0.16
    for x, d in ((-0.52, -s), (0.3, s)):
        pen.stroke([(x + 0.1, 0.1), (x + 0.1 + d, leg)], pen.dark, 0.15, edge=True)
    tail = rng.uniform(-0.75, -0.4)
    pen.curve([(-0.66, -0.1), (-0.86, -0.22), (-0.92, tail)], pen.main, 0.12, edge=True)
    pen.blob(
        [
            (-0.76, -0.06),
            (-0.6, -0.24),
            (0.1, -0.2),
            (0.42, -0.28),
            (0.52, 0.02),
            (0.4, belly),
            (-0.1, belly - 0.04),
            (-0.6, belly),
        ],
        pen.main,
    )
    if rng.random() < 0.5:
        _spots(pen, rng, -0.15, 0.0, 0.4, 0.18)
    for x, d in ((-0.6, s), (0.26, -s)):
        pen.stroke([(x, 0.1), (x + d, leg)], pen.main, 0.16, edge=True)
        pen.oval(x + d + 0.04, leg, 0.12, 0.07, pen.dark)
    head = rng.uniform(-0.62, -0.5)
    pen.shape([(0.2, -0.14), (0.34, head), (0.64, head + 0.1), (0.5, 0.08)], pen.main, edge=False)
    pen.blob(
        [
            (0.28, head),
            (0.46, head - 0.24),
            (0.68, head - 0.18),
            (0.78, head - 0.02),
            (0.98, head + 0.06),
            (0.96, head + 0.2),
            (0.66, head + 0.27),
            (0.4, head + 0.24),
        ],
        pen.main,
    )
    pen.oval(0.95, head + 0.06, 0.06, 0.05, INK, edge=False)
    _eye(pen, 0.64, head - 0.04, 0.055)
    pen.blob([(0.34, head - 0.16), (0.48, head - 0.12), (0.46, head + 0.28), (0.32, head + 0.3)], pen.dark)
    if rng.random() < 0.5:
        pen.stroke([(0.3, -0.28), (0.56, -0.14)], pen.trim, 0.09)


def cat(pen: Pen, rng: np.random.Generator) -> None:
    """A cat: pointed ears, whiskers, long tail; walking or sitting."""
    if rng.random() < 0.5:
        s = pen.swing * 0.12
        pen.curve([(-0.6, 0.02), (-0.88, -0.2), (-0.8, -0.6), (-0.92, -0.82)], pen.main, 0.11, edge=True)
        for x, d in ((-0.4, -s), (0.28, s)):
            pen.stroke([(x + 0.08, 0.2), (x + 0.08 + d, 0.72)], pen.dark, 0.12, edge=True)
        pen.blob(
            [
                (-0.66, 0.1),
                (-0.5, -0.16),
                (0.0, -0.14),
                (0.36, -0.2),
                (0.46, 0.14),
                (0.3, 0.34),
                (-0.2, 0.28),
                (-0.56, 0.36),
            ],
            pen.main,
        )
        for x, d in ((-0.5, s), (0.24, -s)):
            pen.stroke([(x, 0.2), (x + d, 0.74)], pen.main, 0.13, edge=True)
        x, y = 0.52, -0.3
    else:
        pen.curve([(0.3, 0.74), (0.72, 0.76), (0.86, 0.5), (0.78, 0.3)], pen.main, 0.12, edge=True)
        pen.blob(
            [
                (-0.36, 0.9),
                (-0.42, 0.5),
                (-0.2, 0.0),
                (0.0, -0.16),
                (0.22, 0.0),
                (0.44, 0.5),
                (0.42, 0.9),
                (0.0, 0.94),
            ],
            pen.main,
        )
        pen.blob([(-0.12, 0.84), (-0.16, 0.3), (0.0, 0.12), (0.16, 0.3), (0.12, 0.84)], pen.light, edge=False)
        for px in (-0.17, 0.17):
            pen.oval(px, 0.88, 0.15, 0.09, pen.main)
        x, y = 0.0, -0.4
    ear = rng.uniform(0.26, 0.36)
    for side in (-1, 1):
        pen.shape(
            [(x + side * 0.33, y - 0.04), (x + side * 0.3, y - 0.2 - ear), (x + side * 0.06, y - 0.22)],
            pen.main,
        )
        pen.shape(
            [(x + side * 0.27, y - 0.14), (x + side * 0.26, y - 0.1 - ear), (x + side * 0.14, y - 0.2)],
            mix(pen.light, (240, 160, 160), 0.4),
            edge=False,
        )
    pen.oval(x, y, 0.36, 0.31, pen.main)
    if rng.random() < 0.6:
        for k in (-1, 0, 1):
            pen.stroke([(x + 0.1 * k, y - 0.28), (x + 0.07 * k, y - 0.15)], pen.dark, 0.045)
    for side in (-1, 1):
        pen.oval(x + side * 0.14, y - 0.02, 0.07, 0.08, (214, 224, 120))
        pen.oval(x + side * 0.14, y - 0.02, 0.028, 0.07, INK, edge=False)
        for dy in (0.0, 0.07):
            pen.stroke([(x + side * 0.14, y + 0.14), (x + side * 0.44, y + 0.1 + dy)], PALE, 0.018)
    pen.oval(x, y + 0.12, 0.05, 0.035, (200, 110, 110))


def bird(pen: Pen, rng: np.random.Generator) -> None:
    """A small bird with a flapping wing."""
    fat = rng.uniform(0.32, 0.42)
    for x in (-0.06, 0.12):
        pen.stroke([(x, 0.3), (x + 0.03, 0.7), (x + 0.14, 0.72)], (176, 122, 40), 0.05)
    pen.shape([(-0.5, -0.02), (-0.98, 0.1), (-0.92, 0.3), (-0.4, 0.22)], pen.dark)
    pen.blob([(-0.58, 0.08), (-0.3, -0.2), (0.1, -0.3), (0.4, 0.0), (0.3, fat), (-0.2, fat + 0.02)], pen.main)
    pen.blob([(0.1, fat - 0.04), (0.36, 0.04), (0.3, fat - 0.08)], pen.light, edge=False)
    pen.shape([(0.66, -0.38), (0.98, -0.26), (0.66, -0.2)], (222, 160, 44))
    pen.oval(0.42, -0.3, 0.3, 0.28, pen.main)
    _eye(pen, 0.52, -0.36, 0.065)
    lift = -0.42 + 0.38 * pen.swing
    pen.blob(
        [(0.14, -0.06), (-0.2, -0.1 + lift * 0.5), (-0.66, -0.04 + lift), (-0.34, 0.2), (0.0, 0.2)], pen.dark
    )
    if rng.random() < 0.4:
        pen.shape([(0.3, -0.54), (0.24, -0.82), (0.44, -0.56)], pen.dark)


def fish(pen: Pen, rng: np.random.Generator) -> None:
    """A fish, plain or striped, with a beating tail."""
    tall = rng.uniform(0.4, 0.62)
    s = pen.swing * 0.14
    pen.shape([(-0.46, 0.0), (-0.98, -0.42 + s), (-0.82, s), (-0.98, 0.42 + s)], pen.dark)
    pen.blob([(-0.3, -tall * 0.6), (0.0, -tall - 0.2), (0.34, -tall * 0.7)], pen.dark)
    pen.blob([(-0.2, tall * 0.6), (-0.1, tall + 0.14), (0.2, tall * 0.7)], pen.dark)
    pen.blob(
        [
            (-0.6, 0.0),
            (-0.2, -tall * 0.8),
            (0.3, -tall),
            (0.74, -tall * 0.6),
            (0.98, 0.02),
            (0.72, tall * 0.6),
            (0.3, tall * 0.9),
            (-0.2, tall * 0.76),
        ],
        pen.main,
    )
    if rng.random() < 0.5:
        for x in (-0.2, 0.08, 0.36):
            pen.curve([(x, -tall * 0.7), (x + 0.06, 0.0), (x, tall * 0.7)], pen.light, 0.08)
    else:
        for k in range(8):
            pen.oval(-0.3 + 0.18 * (k % 4), -0.14 + 0.26 * (k // 4), 0.05, 0.07, pen.dark, edge=False)
    pen.blob([(0.28, 0.06), (0.0, 0.22 + s), (0.06, 0.34 + s), (0.3, 0.2)], pen.dark)
    _eye(pen, 0.7, -tall * 0.25, 0.09)
    pen.curve([(0.94, 0.12), (0.84, 0.16), (0.76, 0.13)], INK, 0.03)


def turtle(pen: Pen, rng: np.random.Generator) -> None:
    """A turtle; its shell carries the colour."""
    high = rng.uniform(0.5, 0.68)
    skin = mix((150, 150, 96), pen.main, 0.25)
    s = pen.swing * 0.1
    for x, d in ((-0.5, s), (0.34, -s)):
        pen.stroke([(x, 0.2), (x + d - 0.04, 0.5)], skin, 0.2, edge=True)
    pen.shape([(-0.66, 0.2), (-0.96, 0.34), (-0.6, 0.34)], skin)
    pen.stroke([(0.5, 0.2), (0.72, -0.02)], skin, 0.2, edge=True)
    pen.oval(0.78, -0.1, 0.2, 0.17, skin)
    _eye(pen, 0.84, -0.14, 0.05)
    pen.blob(
        [(-0.78, 0.28), (-0.62, -0.2), (-0.1, 0.28 - high * 1.3), (0.42, -0.2), (0.62, 0.28), (0.0, 0.36)],
        pen.main,
    )
    for x in (-0.44, -0.08, 0.28):
        pen.shape(
            [(x - 0.14, 0.02), (x - 0.07, -0.18), (x + 0.09, -0.18), (x + 0.16, 0.02), (x, 0.16)], pen.dark
        )
    pen.stroke([(-0.74, 0.27), (0.58, 0.27)], pen.light, 0.08)


def butterfly(pen: Pen, rng: np.random.Generator) -> None:
    """A butterfly from above, beating its wings."""
    spread = 0.8 + 0.18 * pen.swing
    low = rng.uniform(0.5, 0.75)
    for side in (-1, 1):
        w = side * spread
        pen.blob(
            [(0, 0.08), (w * 0.6, 0.1), (w * 0.82, 0.5), (w * 0.5, low + 0.2), (w * 0.12, 0.5)], pen.dark
        )
        pen.blob([(0, 0.06), (w * 0.3, -0.6), (w * 0.9, -0.86), (w * 1.0, -0.4), (w * 0.7, 0.1)], pen.main)
        pen.oval(w * 0.7, -0.5, 0.13 * spread, 0.14, pen.light)
        pen.oval(w * 0.5, 0.42, 0.12 * spread, 0.12, pen.main)
        pen.curve([(0, -0.3), (side * 0.12, -0.6), (side * 0.26, -0.76)], INK, 0.03)
    pen.oval(0, 0.06, 0.075, 0.44, INK)
    pen.oval(0, -0.34, 0.09, 0.09, INK)


def person(pen: Pen, rng: np.random.Generator) -> None:
    """A person; the clothes carry the colour."""
    skin, hair = SKINS[int(rng.integers(len(SKINS)))], HAIRS[int(rng.integers(len(HAIRS)))]
    s = pen.swing * 0.16
    hip = rng.uniform(0.22, 0.32)
    arm = rng.uniform(0.02, 0.14)
    skirt, long_hair = rng.random() < 0.35, rng.random() < 0.5
    pen.stroke([(-0.24, -0.34), (-0.36 - arm - s, 0.12)], pen.dark, 0.14, edge=True)
    pen.oval(-0.37 - arm - s, 0.16, 0.07, 0.07, skin)
    if long_hair:
        pen.oval(0, -0.64, 0.26, 0.32, hair)
    for x, d in ((-0.11, s), (0.11, -s)):
        pen.stroke([(x, hip), (x + d, 0.86)], skin if skirt else pen.dark, 0.19, edge=True)
        pen.oval(x + d + 0.05, 0.92, 0.15, 0.07, INK)
    pen.box(-0.07, -0.52, 0.07, -0.36, skin)
    pen.blob(
        [
            (-0.28, -0.4),
            (0.0, -0.44),
            (0.28, -0.4),
            (0.25, 0.0),
            (0.24, hip + 0.06),
            (-0.24, hip + 0.06),
            (-0.25, 0.0),
        ],
        pen.main,
    )
    if skirt:
        pen.shape([(-0.2, hip - 0.1), (0.2, hip - 0.1), (0.36, hip + 0.32), (-0.36, hip + 0.32)], pen.main)
    pen.stroke([(0.25, -0.32), (0.36 + arm, 0.1 - s)], pen.main, 0.14, edge=True)
    pen.oval(0.37 + arm, 0.14 - s, 0.07, 0.07, skin)
    pen.oval(0, -0.7, 0.2, 0.24, skin)
    pen.blob([(-0.23, -0.68), (-0.2, -0.9), (0.0, -0.99), (0.2, -0.9), (0.22, -0.74), (0.0, -0.84)], hair)
    for x in (-0.03, 0.11):
        pen.oval(x, -0.68, 0.025, 0.03, INK, edge=False)
    pen.curve([(-0.03, -0.57), (0.05, -0.55), (0.12, -0.58)], (150, 70, 70), 0.025)


def robot(pen: Pen, rng: np.random.Generator) -> None:
    """A robot with an antenna, on legs or on tracks."""
    s = pen.swing * 0.12
    metal = shade(METAL, rng.uniform(0.75, 1.1))
    head = rng.uniform(0.28, 0.38)
    if rng.random() < 0.5:
        for x, d in ((-0.2, s), (0.2, -s)):
            pen.stroke([(x, 0.4), (x + d, 0.82)], metal, 0.16, edge=True)
            pen.box(x + d - 0.17, 0.8, x + d + 0.17, 0.96, pen.dark)
    else:
        pen.box(-0.5, 0.58, 0.5, 0.94, INK, radius=0.16)
        for x in (-0.32, 0.0, 0.32):
            pen.oval(x, 0.76, 0.11, 0.11, metal)
    for side in (-1, 1):
        pen.stroke(
            [(side * 0.44, -0.06), (side * 0.66, 0.14), (side * 0.62, 0.36 + side * s)],
            metal,
            0.12,
            edge=True,
        )
        pen.oval(side * 0.62, 0.42 + side * s, 0.12, 0.12, pen.dark)
    pen.box(-0.46, -0.2, 0.46, 0.6, pen.main, radius=0.08)
    pen.box(-0.28, 0.0, 0.28, 0.3, mix(pen.main, INK, 0.55))
    for k in range(3):
        pen.oval(-0.16 + 0.16 * k, 0.15, 0.05, 0.05, PALE, edge=False)
    pen.box(-0.08, -0.3, 0.08, -0.18, metal)
    pen.stroke([(0, -0.72), (0, -0.92)], metal, 0.05)
    pen.oval(0, -0.93, 0.07, 0.07, pen.light)
    pen.box(-head, -0.74, head, -0.28, pen.main, radius=0.07)
    for side in (-1, 1):
        pen.oval(side * head * 0.5, -0.56, 0.1, 0.1, PALE)
        pen.oval(side * head * 0.5 + 0.02, -0.56, 0.05, 0.05, INK, edge=False)
    pen.box(-head * 0.6, -0.41, head * 0.6, -0.35, INK, edge=False)
