import struct

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from samwise_ros.errors import InputError
from samwise_ros.messages.compressed import decompress

COLOUR = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)
DEPTH = np.arange(48, dtype=np.uint16).reshape(6, 8) * 1000


def encoded(ending: str, pixels: NDArray[np.generic]) -> bytes:
    ok, data = cv2.imencode(ending, pixels)
    assert ok
    return bytes(data)


def test_sixteen_bits_stay_sixteen_bits() -> None:
    picture = decompress(encoded(".png", DEPTH), "16UC1; png compressed ")
    assert picture.encoding == "16UC1"
    np.testing.assert_array_equal(picture.pixels, DEPTH)
    assert decompress(encoded(".png", DEPTH), "mono16; png compressed mono16").encoding == "mono16"


def test_colours_of_sixteen_bits_are_rgb16() -> None:
    deep = COLOUR.astype(np.uint16) * 256
    picture = decompress(encoded(".png", deep[:, :, ::-1]), "rgb16; png compressed bgr16")
    assert picture.encoding == "rgb16"
    np.testing.assert_array_equal(picture.pixels, deep)


def test_a_bayer_pattern_keeps_its_name() -> None:
    grey = COLOUR[:, :, 0]
    assert decompress(encoded(".png", grey), "bayer_rggb8; png compressed ").encoding == "bayer_rggb8"
    assert decompress(encoded(".png", grey)).encoding == "mono8"


def test_metres_in_a_tiff_file() -> None:
    metres = DEPTH.astype(np.float32) / 1000
    picture = decompress(encoded(".tiff", metres), "32FC1; tiff compressed ")
    assert picture.encoding == "32FC1"
    np.testing.assert_array_equal(picture.pixels, metres)


def test_compressed_depth_of_whole_numbers() -> None:
    head = struct.pack("<iff", 0, 0.0, 0.0)
    picture = decompress(head + encoded(".png", DEPTH), "16UC1; compressedDepth png")
    assert picture.encoding == "16UC1"
    np.testing.assert_array_equal(picture.pixels, DEPTH)


def test_compressed_depth_of_metres_is_inverse_depth() -> None:
    a, b = 100.0, -1.0
    metres = np.array([[1.0, 2.0, 4.0, np.nan]], np.float32)
    inverse = np.nan_to_num(a / metres + b).astype(np.uint16)
    picture = decompress(
        struct.pack("<iff", 0, a, b) + encoded(".png", inverse), "32FC1; compressedDepth png"
    )
    assert picture.encoding == "32FC1"
    np.testing.assert_allclose(picture.pixels, metres)


@pytest.mark.parametrize(
    ("data", "description", "message"),
    [
        (b"", "jpeg", "0 bytes that are no JPEG"),
        (b"no picture", "", "10 bytes that are no JPEG, PNG"),
        (encoded(".png", COLOUR)[:-20], "png", "bytes that break off"),
        (encoded(".jpg", COLOUR)[:-20], "jpeg", "bytes that break off"),
        (bytes(40), "16UC1; compressedDepth rvl", "RVL .* record it as PNG"),
        (bytes(7), "16UC1; compressedDepth png", "7 bytes that are not a depth picture"),
        (bytes(12) + encoded(".png", COLOUR), "16UC1; compressedDepth png", "expected 16 bits, one channel"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, description: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decompress(data, description)
