"""One picture that tells the whole run: a grid of frames with sentence, time and IoU."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

COLUMNS = 4
TILE_WIDTH = 400
MARGIN = 16
CAPTION_HEIGHT = 54
TITLE_HEIGHT = 92

GROUND = (22, 24, 29)
CARD = (34, 37, 44)
INK = (240, 241, 244)
MUTED = (158, 163, 174)
ACCENT = (255, 72, 88)
GOOD = (96, 211, 148)
FAIR = (240, 190, 90)
SPOKEN = (110, 170, 255)

#: The note of a frame with which a sentence takes effect.
NEW_SENTENCE = "new sentence"


@dataclass(frozen=True)
class Tile:
    """One frame of the sheet.

    Attributes:
        pixels: uint8 [H, W, 3] RGB, with the mask drawn in.
        sentence: that was followed.
        time_s: since the first picture.
        iou: with the truth; None: not known.
        note: of something special, such as a switch of target or `NEW_SENTENCE`; "" for none.
    """

    pixels: NDArray[np.uint8]
    sentence: str
    time_s: float
    iou: float | None
    note: str = ""


def draw_contact_sheet(tiles: Sequence[Tile], title: str, subtitle: str) -> NDArray[np.uint8]:
    """Draw a sheet.

    Args:
        tiles: in order of time; at least one, all of one size.
        title: in large letters above.
        subtitle: in small ones below the title.

    Returns:
        uint8 [H, W, 3] RGB.
    """
    height, width = tiles[0].pixels.shape[:2]
    picture_height = round(TILE_WIDTH * height / width)
    rows = -(-len(tiles) // COLUMNS)
    columns = min(COLUMNS, len(tiles))
    card_height = picture_height + CAPTION_HEIGHT
    sheet = Image.new(
        "RGB",
        (MARGIN + columns * (TILE_WIDTH + MARGIN), TITLE_HEIGHT + rows * (card_height + MARGIN)),
        GROUND,
    )
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, 18), title, INK, ImageFont.load_default(28))
    draw.text((MARGIN, 56), subtitle, MUTED, ImageFont.load_default(17))
    for position, tile in enumerate(tiles):
        row, column = divmod(position, COLUMNS)
        left = MARGIN + column * (TILE_WIDTH + MARGIN)
        top = TITLE_HEIGHT + row * (card_height + MARGIN)
        _draw_tile(sheet, draw, tile, left, top, picture_height)
    return np.asarray(sheet, np.uint8)


def _draw_tile(
    sheet: Image.Image, draw: ImageDraw.ImageDraw, tile: Tile, left: int, top: int, picture_height: int
) -> None:
    bottom = top + picture_height + CAPTION_HEIGHT
    draw.rectangle((left, top, left + TILE_WIDTH - 1, bottom - 1), CARD)
    picture = Image.fromarray(tile.pixels).resize((TILE_WIDTH, picture_height), Image.Resampling.LANCZOS)
    sheet.paste(picture, (left, top))
    font, small = ImageFont.load_default(16), ImageFont.load_default(14)
    first, second = top + picture_height + 8, top + picture_height + 30
    draw.text((left + 10, first), _fitting(tile.sentence, font, TILE_WIDTH - 20), INK, font)
    draw.text((left + 10, second), f"{tile.time_s:.2f} s", MUTED, small)
    if tile.iou is not None:
        color = GOOD if tile.iou >= 0.75 else FAIR if tile.iou >= 0.5 else ACCENT
        draw.text((left + 80, second), f"IoU {tile.iou:.2f}", color, small)
    if tile.note:
        color = SPOKEN if tile.note == NEW_SENTENCE else ACCENT
        draw.text((left + TILE_WIDTH - 10, second), tile.note, color, small, anchor="ra")
        draw.rectangle((left, top, left + TILE_WIDTH - 1, bottom - 1), outline=color, width=3)


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The longest beginning of the text that is no wider than that."""
    if font.getlength(text) <= width:
        return text
    # The length grows with every letter, so the last beginning that fits can be searched by halving.
    lengths = range(len(text))
    cut = bisect_right(lengths, float(width), key=lambda n: float(font.getlength(text[:n] + "...")))
    return text[: max(0, cut - 1)].rstrip() + "..."
