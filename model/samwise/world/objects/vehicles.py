"""Things that drive, sail and fly."""

import numpy as np

from samwise.world.objects.palette import GLASS, INK, LIGHT, METAL, PALE, RUBBER, WOOD, mix, shade
from samwise.world.objects.pen import Pen


def _wheel(pen: Pen, x: float, y: float, radius: float, hub: float) -> None:
    pen.oval(x, y, radius, radius, RUBBER)
    pen.oval(x, y, radius * hub, radius * hub, METAL)
    pen.oval(x, y, radius * hub * 0.35, radius * hub * 0.35, INK, edge=False)
    angle = pen.phase * 360
    pen.oval(x, y, radius * hub * 0.95, radius * 0.06, shade(METAL, 0.6), edge=False, turn=angle)


def car(pen: Pen, rng: np.random.Generator) -> None:
    """A saloon, an estate or a coupe, from the side."""
    roof, rear, front = rng.uniform(-0.55, -0.4), rng.uniform(-0.6, -0.38), rng.uniform(0.12, 0.32)
    hood = rng.uniform(-0.06, 0.06)
    estate = rng.random() < 0.4
    back = rear - 0.2 if estate else rear - 0.02
    pen.shape([(-0.8, 0.2), (0.8, 0.2), (0.8, 0.42), (-0.8, 0.42)], INK, edge=False)
    pen.blob(
        [
            (-0.97, 0.3),
            (-0.97, 0.0),
            (-0.86, hood - 0.1),
            (rear - 0.24, hood - 0.14),
            (back, roof + 0.03),
            (rear + 0.25, roof - 0.02),
            (front, roof + 0.02),
            (front + 0.3, hood - 0.12),
            (0.78, hood),
            (0.97, 0.12),
            (0.98, 0.33),
            (0.5, 0.4),
            (-0.5, 0.4),
            (-0.9, 0.38),
        ],
        pen.main,
    )
    pillar = (rear + front) / 2 + rng.uniform(-0.08, 0.08)
    sill = hood - 0.13
    pen.shape(
        [
            (back + 0.03 - 0.1, sill),
            (back + 0.1, roof + 0.1),
            (pillar - 0.04, roof + 0.07),
            (pillar - 0.04, sill),
        ],
        GLASS,
    )
    pen.shape(
        [
            (pillar + 0.04, sill),
            (pillar + 0.04, roof + 0.07),
            (front - 0.03, roof + 0.1),
            (front + 0.2, sill),
        ],
        GLASS,
    )
    pen.stroke([(pillar, sill), (pillar - 0.01, 0.3)], pen.dark, 0.025)
    pen.stroke([(pillar + 0.06, 0.0), (pillar + 0.17, 0.0)], pen.dark, 0.035)
    pen.stroke([(-0.94, 0.27), (0.94, 0.27)], pen.dark, 0.04)
    pen.oval(0.9, 0.08, 0.07, 0.06, LIGHT)
    pen.box(-0.97, 0.02, -0.89, 0.14, (150, 30, 30))
    radius, hub = rng.uniform(0.2, 0.25), rng.uniform(0.45, 0.7)
    _wheel(pen, -0.57, 0.38, radius, hub)
    _wheel(pen, 0.58, 0.38, radius, hub)


def truck(pen: Pen, rng: np.random.Generator) -> None:
    """A lorry: a cab in front and a box or an open bed behind."""
    cab = rng.uniform(0.36, 0.46)
    top = rng.uniform(-0.62, -0.45)
    pen.box(-0.95, 0.26, 0.95, 0.4, INK)
    if rng.random() < 0.7:
        pen.box(-0.98, top - 0.1, cab - 0.04, 0.28, pen.main)
        for k in range(1, 5):
            x = -0.98 + k * (cab + 0.94) / 5
            pen.stroke([(x, top - 0.05), (x, 0.24)], pen.dark, 0.022)
    else:
        pen.box(-0.98, -0.12, cab - 0.04, 0.28, pen.main)
        pen.blob([(-0.9, -0.12), (-0.6, -0.34), (-0.25, -0.28), (0.1, -0.38), (cab - 0.1, -0.12)], WOOD)
        pen.box(-0.98, -0.1, cab - 0.04, 0.28, pen.main)
    pen.shape(
        [(cab, 0.34), (cab, -0.36), (cab + 0.3, -0.36), (cab + 0.46, -0.02), (0.98, 0.04), (0.98, 0.34)],
        pen.light,
    )
    pen.shape([(cab + 0.1, -0.06), (cab + 0.1, -0.28), (cab + 0.26, -0.28), (cab + 0.37, -0.06)], GLASS)
    pen.oval(0.92, 0.16, 0.05, 0.06, LIGHT)
    radius = rng.uniform(0.18, 0.22)
    for x in (-0.7, -0.24, 0.64):
        _wheel(pen, x, 0.42, radius, 0.5)


def bus(pen: Pen, rng: np.random.Generator) -> None:
    """A coach with a row of windows."""
    top = rng.uniform(-0.58, -0.42)
    count = int(rng.integers(4, 7))
    pen.box(-0.98, top, 0.98, 0.4, pen.main, radius=0.1)
    pen.box(-0.96, 0.18, 0.96, 0.27, mix(pen.main, pen.trim, 0.6), edge=False)
    width = 1.5 / count
    for k in range(count):
        pen.box(-0.88 + k * width, top + 0.13, -0.92 + (k + 1) * width, 0.0, GLASS, radius=0.03)
    pen.box(0.66, top + 0.13, 0.8, 0.36, shade(GLASS, 0.85))
    pen.box(0.86, top + 0.13, 0.97, 0.02, GLASS, radius=0.02)
    pen.oval(0.92, 0.22, 0.05, 0.05, LIGHT)
    for x in (-0.58, 0.46):
        _wheel(pen, x, 0.42, rng.uniform(0.16, 0.2), 0.5)


def plane(pen: Pen, rng: np.random.Generator) -> None:
    """An airliner or a small aircraft, from the side."""
    girth = rng.uniform(0.16, 0.24)
    pen.shape([(-0.1, -0.05), (-0.5, -0.52), (-0.32, -0.52), (0.22, -0.05)], pen.dark)
    pen.shape([(-0.95, -0.58), (-0.72, -0.58), (-0.44, -0.06), (-0.84, 0.02)], pen.main)
    pen.blob(
        [
            (-0.98, -0.1),
            (-0.6, -girth + 0.02),
            (0.4, -girth),
            (0.8, -girth * 0.6),
            (0.98, 0.03),
            (0.8, girth * 0.7),
            (0.2, girth),
            (-0.5, girth * 0.8),
        ],
        pen.main,
    )
    pen.blob([(0.62, -girth * 0.62), (0.78, -girth * 0.52), (0.86, -0.03), (0.64, -0.02)], GLASS)
    for k in range(int(rng.integers(4, 7))):
        pen.oval(0.44 - 0.17 * k, -girth * 0.3, 0.04, 0.045, GLASS, edge=False)
    pen.shape([(0.24, 0.06), (-0.34, 0.6), (-0.52, 0.6), (-0.2, 0.06)], pen.light)
    pen.shape([(-0.66, 0.0), (-0.92, 0.2), (-1.0, 0.18), (-0.86, -0.03)], pen.light)
    if rng.random() < 0.5:
        pen.oval(0.0, 0.3, 0.15, 0.08, pen.trim)
    else:
        pen.oval(0.99, 0.03, 0.03, 0.24, METAL, turn=pen.phase * 40)


def boat(pen: Pen, rng: np.random.Generator) -> None:
    """A sailing boat or a steamer with a funnel."""
    pen.shape([(-0.95, 0.34), (0.98, 0.28), (0.72, 0.74), (-0.7, 0.76)], pen.main)
    pen.stroke([(-0.9, 0.42), (0.9, 0.37)], pen.trim, 0.05)
    if rng.random() < 0.55:
        mast = rng.uniform(-0.2, 0.1)
        pen.stroke([(mast, 0.34), (mast, -0.96)], WOOD, 0.06)
        pen.blob([(mast + 0.05, -0.9), (mast + 0.5, -0.3), (0.76, 0.16), (mast + 0.05, 0.2)], pen.light)
        pen.blob([(mast - 0.06, -0.78), (mast - 0.3, -0.2), (-0.74, 0.18), (mast - 0.06, 0.18)], pen.main)
    else:
        pen.box(-0.56, -0.1, 0.46, 0.34, pen.light)
        pen.box(-0.24, -0.52, 0.06, -0.1, pen.main)
        pen.box(-0.24, -0.62, 0.06, -0.46, pen.dark)
        for x in (-0.4, -0.12, 0.16):
            pen.oval(x + 0.03, 0.12, 0.08, 0.08, GLASS)
        pen.stroke([(0.62, 0.3), (0.62, -0.3)], INK, 0.03)
        pen.shape([(0.62, -0.3), (0.62, -0.12), (0.86, -0.2)], PALE)


def balloon(pen: Pen, rng: np.random.Generator) -> None:
    """A toy balloon on a string."""
    wide = rng.uniform(0.48, 0.6)
    bend = rng.uniform(-0.12, 0.12)
    pen.curve([(0, 0.3), (bend, 0.5), (-bend, 0.74), (bend, 0.98)], INK, 0.035)
    pen.blob(
        [
            (0, -0.98),
            (wide * 0.78, -0.76),
            (wide, -0.34),
            (wide * 0.6, 0.08),
            (0, 0.3),
            (-wide * 0.6, 0.08),
            (-wide, -0.34),
            (-wide * 0.78, -0.76),
        ],
        pen.main,
    )
    pen.shape([(0, 0.26), (0.09, 0.4), (-0.09, 0.4)], pen.dark)
    pen.oval(-wide * 0.45, -0.62, 0.09, 0.17, mix(pen.main, PALE, 0.65), edge=False, turn=25)
