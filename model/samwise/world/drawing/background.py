"""Textured places to put objects in: rooms, roads, meadows, water, table tops, walls.

Everything is integer arithmetic on small noise grids blown up bit-exactly, so the same seed gives
the same bytes on every machine, in a few milliseconds.
"""

from collections.abc import Callable

import cv2
import numpy as np

from samwise.world.objects.palette import RGB, mix
from samwise.world.objects.pixels import Image, blur, resize

Rng = np.random.Generator


def _noise(rng: Rng, height: int, width: int, rows: int, columns: int) -> Image:
    """Smooth noise, uint8 [height, width], of the given number of bumps."""
    grid = rng.integers(0, 256, (max(2, rows), max(2, columns)), dtype=np.uint8)
    return resize(grid, width, height)


def _fractal(rng: Rng, height: int, width: int, base: int, stretch: float = 1.0) -> Image:
    """Four octaves of noise around 128, uint8 [height, width]; `stretch` above 1 makes it streaky."""
    total = np.zeros((height, width), np.uint16)
    for octave, weight in enumerate((8, 4, 3, 1)):
        rows = base << octave
        columns = max(2, round(rows * width / height / stretch))
        total += _noise(rng, height, width, rows, columns).astype(np.uint16) * weight
    return (total >> 4).astype(np.uint8)


def _ramp(stops: list[RGB]) -> Image:
    """A table of 256 colours that runs through the stops, uint8 [256, 3]."""
    place = np.linspace(0, 255, len(stops))
    bands = [np.rint(np.interp(np.arange(256), place, [s[c] for s in stops])) for c in range(3)]
    return np.stack(bands, axis=1).astype(np.uint8)


def _stretch(noise: Image) -> Image:
    """Spreads fractal noise, which crowds around 128, over the whole range."""
    table = np.clip((np.arange(256) - 128) * 2 + 128, 0, 255).astype(np.uint8)
    return table[noise]


def _dull(rng: Rng, low: int = 40, high: int = 215, spread: int = 26) -> RGB:
    """A muted colour: a gray with a cast, so that objects stay the most colourful things around."""
    gray = int(rng.integers(low, high))
    a, b, c = (int(v) for v in np.clip(gray + rng.integers(-spread, spread + 1, 3), 8, 247))
    return a, b, c


def _toned(rng: Rng, choices: tuple[RGB, ...]) -> RGB:
    base = choices[int(rng.integers(len(choices)))]
    return mix(base, _dull(rng), rng.uniform(0.05, 0.4))


SOILS: tuple[RGB, ...] = ((104, 116, 74), (140, 126, 92), (120, 104, 84), (92, 108, 84), (170, 156, 128))
FLOORS: tuple[RGB, ...] = ((150, 122, 94), (128, 112, 100), (176, 164, 150), (112, 116, 124), (92, 84, 80))
WALLS: tuple[RGB, ...] = ((206, 200, 186), (172, 184, 186), (186, 170, 164), (160, 168, 148), (120, 124, 136))
SKIES: tuple[RGB, ...] = ((150, 182, 214), (186, 200, 212), (206, 190, 176), (120, 142, 176), (70, 82, 110))
WATERS: tuple[RGB, ...] = ((74, 112, 128), (92, 130, 136), (56, 84, 104), (120, 146, 150))


def _textured(rng: Rng, height: int, width: int, colour: RGB, contrast: float, stretch: float = 1.0) -> Image:
    noise = _stretch(_fractal(rng, height, width, int(rng.integers(3, 9)), stretch))
    dark, light = mix(colour, (20, 18, 16), contrast), mix(colour, (250, 248, 240), contrast * 0.8)
    return _ramp([dark, colour, _toned(rng, (colour,)), light])[noise]


def _sky(rng: Rng, height: int, width: int) -> Image:
    """A vertical gradient with clouds."""
    top = _toned(rng, SKIES)
    low = mix(top, (236, 232, 224), rng.uniform(0.3, 0.7))
    rows = _ramp([top, low])[np.linspace(0, 255, height).astype(np.uint8)]
    sky = np.broadcast_to(rows[:, None], (height, width, 3)).astype(np.uint16)
    cloud = _stretch(_fractal(rng, height, width, 2, 2.0)).astype(np.uint16)[:, :, None]
    amount = ((np.maximum(cloud, 110) - 110) * int(rng.integers(0, 3))) >> 1
    return ((sky * (256 - amount) + 244 * amount) >> 8).astype(np.uint8)


def _receding(flat: Image, height: int, width: int) -> Image:
    """Lays a square texture down as a floor: rows and columns crowd together towards the top."""
    depth = flat.shape[0]
    near = np.arange(1, height + 1)
    rows = (depth - 1) - ((depth - 1) * height // (near * 3 + height) * 4 // 4)
    spread = 0.45 + 0.55 * near / height
    columns = (np.arange(width)[None] - width / 2) / spread[:, None]
    columns = np.rint(columns + flat.shape[1] / 2).astype(np.int64) % flat.shape[1]
    return flat[rows[:, None], columns]


def _tiles(rng: Rng, side: int, colour: RGB, floor: bool) -> Image:
    """Boards, tiles, bricks or a chequered cloth, uint8 [side, side, 3]."""
    flat = _textured(rng, side, side, colour, rng.uniform(0.1, 0.35), 4.0 if floor else 1.0)
    step = int(rng.integers(side // 12, side // 5))
    style = int(rng.integers(4))
    gap = mix(colour, (30, 26, 24), 0.5)
    index = np.arange(side)
    if style == 0:
        other = (index[:, None] // step + index[None] // step) % 2 == 1
        flat = np.where(other[:, :, None], (flat.astype(np.uint16) * 200) >> 8, flat).astype(np.uint8)
    elif style == 1:
        flat[:, index % step < 2] = gap
    elif style == 2:
        flat[index % step < 2] = gap
        for k in range(0, side, step):
            offset = (k // step % 2) * step
            for x in range(offset, side, 2 * step):
                flat[k : k + step, x : x + 2] = gap
    return flat


def _ground(rng: Rng, height: int, width: int) -> Image:
    colour = _toned(rng, SOILS + FLOORS)
    if rng.random() < 0.5:
        return _receding(_tiles(rng, 256, colour, True), height, width)
    return _textured(rng, height, width, colour, rng.uniform(0.2, 0.5), rng.uniform(1.5, 5.0))


def _outdoors(rng: Rng, height: int, width: int) -> Image:
    horizon = round(height * rng.uniform(0.25, 0.6))
    scene = np.empty((height, width, 3), np.uint8)
    scene[:horizon] = _sky(rng, horizon, width)
    water = rng.random() < 0.25
    if water:
        scene[horizon:] = _textured(rng, height - horizon, width, _toned(rng, WATERS), 0.4, 8.0)
    else:
        scene[horizon:] = _ground(rng, height - horizon, width)
    if rng.random() < 0.75:
        for _ in range(int(rng.integers(1, 3))):
            _hills(rng, scene, horizon)
    return scene


def _hills(rng: Rng, scene: Image, horizon: int) -> None:
    """Puts a line of hills, woods or roofs on the horizon."""
    width = scene.shape[1]
    high = rng.uniform(0.08, 0.3) * scene.shape[0]
    count = int(rng.integers(5, 30))
    heights = horizon - high * rng.uniform(0.2, 1.0, count)
    if rng.random() < 0.35:
        columns = np.repeat(np.linspace(0, width, count + 1), 2)[1:-1]
        tops = np.repeat(heights, 2)
    else:
        columns, tops = np.linspace(0, width, count), heights
    outline = np.stack([columns, tops], axis=1)
    corners = np.concatenate([outline, [[width, horizon + 1], [0, horizon + 1]]])
    colour = mix(_toned(rng, SOILS), (150, 160, 176), rng.uniform(0.1, 0.6))
    cv2.fillPoly(scene, [np.rint(corners).astype(np.int32)], colour)


def _room(rng: Rng, height: int, width: int) -> Image:
    horizon = round(height * rng.uniform(0.35, 0.7))
    scene = np.empty((height, width, 3), np.uint8)
    wall = _toned(rng, WALLS)
    if rng.random() < 0.5:
        scene[:horizon] = _textured(rng, horizon, width, wall, rng.uniform(0.05, 0.25))
    else:
        side = max(height, width)
        scene[:horizon] = _tiles(rng, side, wall, False)[:horizon, :width]
    scene[horizon:] = _ground(rng, height - horizon, width)
    skirting = max(2, height // 40)
    scene[horizon - skirting : horizon + 1] = mix(wall, (250, 248, 240), rng.uniform(0.1, 0.8))
    for _ in range(int(rng.integers(0, 4))):
        _panel(rng, scene, horizon)
    return scene


def _panel(rng: Rng, scene: Image, horizon: int) -> None:
    """Hangs a framed picture, a shelf or a window on the wall."""
    height, width = scene.shape[:2]
    w, h = round(width * rng.uniform(0.08, 0.26)), round(height * rng.uniform(0.06, 0.28))
    x, y = int(rng.integers(0, width - w)), int(rng.integers(0, max(1, horizon - h)))
    y1 = min(y + h, horizon)
    cv2.rectangle(scene, (x, y), (x + w, y1), _dull(rng), -1)
    border = max(2, width // 90)
    if y1 - y > 3 * border:
        inner = _textured(rng, y1 - y - 2 * border, w - 2 * border, _dull(rng), 0.4)
        scene[y + border : y1 - border, x + border : x + w - border] = inner


def _surface(rng: Rng, height: int, width: int) -> Image:
    """A table top, a carpet or a lawn seen from above."""
    colour = _toned(rng, SOILS + FLOORS + WALLS)
    if rng.random() < 0.4:
        side = max(height, width)
        return np.ascontiguousarray(_tiles(rng, side, colour, True)[:height, :width])
    return _textured(rng, height, width, colour, rng.uniform(0.15, 0.6), rng.uniform(0.5, 9.0))


def _defocused(rng: Rng, height: int, width: int) -> Image:
    """Blurred lights and shapes, as behind a close-up."""
    small = max(8, height // 4), max(8, width // 4)
    scene = _ramp([_dull(rng) for _ in range(4)])[_stretch(_fractal(rng, *small, 2))]
    for _ in range(int(rng.integers(4, 14))):
        centre = int(rng.integers(small[1])), int(rng.integers(small[0]))
        cv2.circle(scene, centre, int(rng.integers(2, max(3, small[0] // 5))), _dull(rng, 90, 235), -1)
    return resize(blur(scene, 3), width, height)


Place = Callable[[Rng, int, int], Image]
PLACES: tuple[Place, ...] = (_outdoors, _outdoors, _room, _room, _surface, _defocused)


def _clutter(rng: Rng, scene: Image) -> None:
    """Scatters dull stones, boards and scraps that no sentence names."""
    height, width = scene.shape[:2]
    for _ in range(int(rng.integers(0, 9))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        size = height * rng.uniform(0.03, 0.12)
        turns = np.sort(rng.uniform(0, 1, int(rng.integers(4, 9))))
        unit = np.array([_turn(t) for t in turns])
        corners = np.rint(unit * size * rng.uniform(0.5, 1.0, (len(turns), 1)) + (x, y)).astype(np.int32)
        below = mix(_dull(rng), (0, 0, 0), 0.55)
        colour = _dull(rng)
        cv2.fillPoly(scene, [corners + max(1, height // 100)], below)
        cv2.fillPoly(scene, [corners], colour)


def _turn(fraction: float) -> tuple[float, float]:
    """A point on a diamond, the trigonometry-free stand-in for a circle."""
    t = 4 * fraction
    return (1 - abs((t + 2) % 4 - 2), 1 - abs((t + 1) % 4 - 2))


def paint(rng: Rng, height: int, width: int) -> Image:
    """A background, uint8 [height, width, 3]."""
    scene = np.ascontiguousarray(PLACES[int(rng.integers(len(PLACES)))](rng, height, width))
    if rng.random() < 0.6:
        _clutter(rng, scene)
    grit = int(rng.integers(0, 4))
    if grit:
        fine = rng.integers(0, 2 << grit, (height, width, 1), dtype=np.uint8)
        scene = np.maximum(scene, 1 << grit) - (1 << grit) + fine
        scene = np.minimum(scene, 255).astype(np.uint8)
    if rng.random() < 0.35:
        scene = np.asarray(cv2.blur(scene, (3, 3)), np.uint8)
    return _light(rng, scene)


def _light(rng: Rng, scene: Image) -> Image:
    """Lets light fall unevenly, as from a window or a lamp."""
    height, width = scene.shape[:2]
    patch = rng.integers(170, 300, (2, 3)).astype(np.int32)
    gain = resize((patch >> 1).astype(np.uint8), width, height)
    lit = (scene.astype(np.uint16) * gain[:, :, None]) >> 7
    return np.minimum(lit, 255).astype(np.uint8)
