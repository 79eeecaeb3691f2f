"""The colours that sentences can name, and the neutral ones that details are drawn in."""

import numpy as np

RGB = tuple[int, int, int]

COLOURS: dict[str, RGB] = {
    "red": (204, 30, 36),
    "orange": (242, 128, 20),
    "yellow": (246, 212, 44),
    "green": (44, 148, 58),
    "blue": (36, 88, 204),
    "purple": (122, 54, 166),
    "pink": (246, 140, 184),
    "brown": (112, 68, 36),
    "white": (234, 234, 230),
    "black": (36, 36, 40),
    "gray": (124, 126, 130),
}

INK: RGB = (28, 26, 30)
PALE: RGB = (240, 238, 232)
METAL: RGB = (168, 172, 178)
GLASS: RGB = (150, 186, 204)
WOOD: RGB = (142, 98, 58)
CREAM: RGB = (238, 222, 190)
RUBBER: RGB = (46, 46, 50)
LIGHT: RGB = (255, 244, 190)
SKINS: tuple[RGB, ...] = ((244, 208, 178), (224, 172, 132), (186, 128, 88), (134, 88, 60), (92, 60, 44))
HAIRS: tuple[RGB, ...] = ((38, 28, 24), (86, 54, 32), (140, 96, 50), (206, 166, 96), (150, 148, 146))


def mix(first: RGB, second: RGB, amount: float) -> RGB:
    """The colour `amount` (0 to 1) of the way from `first` to `second`."""
    a, b, c = (round(p + (q - p) * amount) for p, q in zip(first, second, strict=True))
    return a, b, c


def shade(colour: RGB, gain: float) -> RGB:
    """`colour` times `gain`, kept within 0 to 255."""
    a, b, c = (min(255, max(0, round(v * gain))) for v in colour)
    return a, b, c


def sample(name: str, rng: np.random.Generator) -> RGB:
    """A shade of the named colour, never so far off that it could pass for another one.

    Raises:
        KeyError: if `name` is not one of `COLOURS`.
    """
    lightness = rng.uniform(0.88, 1.1) if name not in ("white", "black") else rng.uniform(0.94, 1.06)
    jitter = rng.integers(-7, 8, 3) if name not in ("white", "black", "gray") else rng.integers(-2, 3, 3)
    a, b, c = (
        min(248, max(14, round(v * lightness) + int(j))) for v, j in zip(COLOURS[name], jitter, strict=True)
    )
    return a, b, c
