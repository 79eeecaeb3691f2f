import numpy as np
import pytest

from samwise.errors import FrameError
from samwise.video.overlay import TARGET_COLOR, draw_overlay

FRAME = np.full((240, 320, 3), 128, np.uint8)


@pytest.fixture
def mask() -> np.ndarray:
    mask = np.zeros((240, 320), bool)
    mask[120:200, 100:180] = True
    return mask


def test_the_target_is_tinted_and_the_rest_is_left_alone(mask) -> None:
    drawn = draw_overlay(FRAME, mask, "", opacity=0.5)
    assert drawn.dtype == np.uint8
    inside = drawn[130:190, 110:170]
    assert np.abs(inside - (FRAME[0, 0] / 2 + np.array(TARGET_COLOR) / 2)).max() <= 1
    untouched = np.ones_like(mask)
    untouched[110:210, 90:190] = False
    np.testing.assert_array_equal(drawn[untouched], FRAME[untouched])


def test_the_outline_of_a_hole_is_drawn(mask) -> None:
    mask[150:170, 130:150] = False
    drawn = draw_overlay(FRAME, mask, "", opacity=0.0)
    outline = drawn[149, 135:145].astype(int)
    assert np.abs(outline - TARGET_COLOR).max() < 40, "its edges are smoothed"
    assert (drawn[155:165, 138:142] == 128).all()


def test_the_frame_is_not_changed(mask) -> None:
    frame = FRAME.copy()
    draw_overlay(frame, mask, "the dog")
    np.testing.assert_array_equal(frame, FRAME)


def test_an_empty_mask_leaves_the_caption_only() -> None:
    drawn = draw_overlay(FRAME, np.zeros((240, 320), bool), "the dog  absent")
    assert (drawn[:40] != FRAME[:40]).any()
    np.testing.assert_array_equal(drawn[60:], FRAME[60:])


def test_a_long_caption_ends_where_the_frame_does() -> None:
    drawn = draw_overlay(FRAME, np.zeros((240, 320), bool), "the very long dog " * 30)
    np.testing.assert_array_equal(drawn[:, -4:], FRAME[:, -4:])


@pytest.mark.parametrize("label", ["the\ndog", "the\x00dog", "the\udce9dog", "\t", "\N{BUS}"])
def test_a_caption_is_one_line_of_what_can_be_printed(label) -> None:
    """OpenCV draws a line break as a tall letter, and a lone surrogate ends the process."""
    drawn = draw_overlay(FRAME, np.zeros((240, 320), bool), label)
    np.testing.assert_array_equal(drawn[40:], FRAME[40:])


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (17, 23)])
def test_odd_sizes_can_be_drawn(shape) -> None:
    drawn = draw_overlay(np.zeros((*shape, 3), np.uint8), np.ones(shape, bool), "the dog")
    assert drawn.shape == (*shape, 3)


@pytest.mark.parametrize(
    ("frame", "mask"),
    [
        (FRAME.astype(np.float32), np.zeros((240, 320), bool)),
        (FRAME[..., 0], np.zeros((240, 320), bool)),
        (FRAME, np.zeros((320, 240), bool)),
        (FRAME, np.zeros((240, 320), np.uint8)),
    ],
)
def test_other_types_and_shapes_are_refused(frame, mask) -> None:
    with pytest.raises(FrameError, match="give"):
        draw_overlay(frame, mask, "")
