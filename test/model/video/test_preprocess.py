import numpy as np
import pytest
import torch

from samwise.errors import FrameError
from samwise.video.preprocess import Canvas, PictureCanvas, picture_shape


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(360, 640, (576, 1024)), (480, 854, (575, 1024)), (300, 300, (1020, 1020)), (400, 300, (1024, 768))],
)
def test_published_sizes(height, width, expected):
    assert Canvas(height, width, 1024).shown == expected


def test_padding_is_zero_after_normalisation_at_bottom_and_right():
    canvas = Canvas(30, 60, 64)
    x = canvas.prepare(np.full((30, 60, 3), 128, np.uint8))
    height, width = canvas.shown
    assert x.shape == (3, 64, 64) and (height, width) == (32, 64)
    assert (x[:, height:] == 0).all() and (x[:, :height, :width] != 0).all()
    assert x[0, 0, 0] == pytest.approx((128 / 255 - 0.485) / 0.229, abs=1e-6)


def test_mask_comes_back_where_it_was():
    logits = torch.full((1, 1, 64, 64), -5.0)
    logits[..., :16, 32:] = 5.0  # upper right quarter of the 32 x 64 picture
    mask = Canvas(120, 240, 64).restore(logits)[0] > 0
    expected = torch.zeros(120, 240, dtype=torch.bool)
    expected[:60, 120:] = True
    assert (mask != expected).float().mean() < 0.01


def test_a_frame_of_another_size_is_not_squeezed_onto_the_canvas():
    with pytest.raises(FrameError, match="60x30 pixels.*40x30"):
        Canvas(30, 40, 64).prepare(np.zeros((30, 60, 3), np.uint8))


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((480, 640), (768, 1024)),
        ((640, 480), (1024, 768)),
        ((427, 640), (683, 1023)),  # the longer side is truncated
        ((640, 640), (1024, 1024)),
        ((1024, 600), (1024, 600)),
    ],
)
def test_pictures_are_sized_by_the_rule_of_the_training(size, shape):
    assert picture_shape(*size, 1024) == shape


def test_a_picture_gets_the_nearest_value_of_its_canvas():
    canvas = PictureCanvas(48, 96, 32)
    assert canvas.shown == (16, 32)
    logits = torch.randn(1, 1, 32, 32)
    restored = canvas.restore(logits)
    assert restored.shape == (1, 48, 96)
    torch.testing.assert_close(restored[0, ::3, ::3], logits[0, 0, :16, :32])
