from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.pictures import encode_jpeg, mask_of, rgb_of
from samwise_ros.errors import InputError

RED = np.full((24, 32, 3), (220, 30, 30), np.uint8)


def compressed(data: np.ndarray) -> SimpleNamespace:
    return SimpleNamespace(format="", data=data.reshape(-1))


def test_jpeg_keeps_red_red() -> None:
    decoded = rgb_of(compressed(encode_jpeg(RED)))
    assert decoded.shape == RED.shape
    assert np.abs(decoded.astype(int) - RED).max() <= 4


def test_quality_makes_it_smaller() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    assert len(encode_jpeg(noise, 20)) < len(encode_jpeg(noise, 90))


def test_png_with_alpha_and_png_in_grey() -> None:
    _, rgba = cv2.imencode(".png", np.dstack([RED[:, :, ::-1], RED[:, :, :1]]))
    np.testing.assert_array_equal(rgb_of(compressed(rgba)), RED)
    _, grey = cv2.imencode(".png", RED[:, :, 0])
    np.testing.assert_array_equal(rgb_of(compressed(grey)), np.dstack([RED[:, :, 0]] * 3))


@pytest.mark.parametrize("data", [b"", b"not a picture", bytes(encode_jpeg(RED))[:40]])
def test_damaged_pictures_are_named(data: bytes) -> None:
    with pytest.raises(InputError, match=f"{len(data)} bytes"):
        rgb_of(compressed(np.frombuffer(data, np.uint8)))


def test_padding_is_no_part_of_a_mask() -> None:
    message = SimpleNamespace(height=2, width=2, encoding="mono8", step=3)
    data = np.array([0, 255, 255, 1, 0, 255], np.uint8)
    np.testing.assert_array_equal(mask_of(message, data), [[False, True], [True, False]])


@pytest.mark.parametrize(("encoding", "step", "size"), [("rgb8", 4, 8), ("mono8", 3, 8), ("mono8", 4, 7)])
def test_what_is_no_mask_is_refused(encoding: str, step: int, size: int) -> None:
    message = SimpleNamespace(height=2, width=4, encoding=encoding, step=step)
    with pytest.raises(BagError, match=f"{encoding} 4x2, step {step}, {size} bytes"):
        mask_of(message, np.zeros(size, np.uint8))
