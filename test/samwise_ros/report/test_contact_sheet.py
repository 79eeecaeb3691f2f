import numpy as np
import pytest

from samwise_ros.report.contact_sheet import ACCENT, COLUMNS, NEW_SENTENCE, SPOKEN, Tile, draw_contact_sheet

PIXELS = np.full((48, 64, 3), 128, np.uint8)


def has_color(sheet: np.ndarray, color: tuple[int, int, int]) -> bool:
    return bool((sheet == np.array(color, np.uint8)).all(axis=2).any())


@pytest.mark.parametrize(("tiles", "rows"), [(1, 1), (COLUMNS, 1), (COLUMNS + 1, 2)])
def test_a_row_for_every_four_tiles(tiles: int, rows: int) -> None:
    one = draw_contact_sheet([Tile(PIXELS, "the dog", 0.0, 1.0)], "title", "subtitle").shape
    sheet = draw_contact_sheet([Tile(PIXELS, "the dog", 0.0, 1.0)] * tiles, "title", "subtitle")
    row_height = one[0] - 92
    assert sheet.shape[0] == 92 + rows * row_height


def test_switches_and_new_sentences_stand_out() -> None:
    plain = draw_contact_sheet([Tile(PIXELS, "the dog", 0.0, 0.9)], "", "")
    assert not has_color(plain, ACCENT) and not has_color(plain, SPOKEN)
    assert has_color(draw_contact_sheet([Tile(PIXELS, "", 0.0, None, "target switched")], "", ""), ACCENT)
    assert has_color(draw_contact_sheet([Tile(PIXELS, "", 0.0, None, NEW_SENTENCE)], "", ""), SPOKEN)


def test_a_long_sentence_stays_inside_its_tile() -> None:
    sheet = draw_contact_sheet([Tile(PIXELS, "the dog " * 200, 0.0, None)], "", "")
    assert sheet.shape[1] == 432
    # Nothing is written right of the tile.
    assert (sheet[:, -16:] == sheet[0, -1]).all()
