from __future__ import annotations

from array import array

import numpy as np
import pytest
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from samwise_ros.errors import InputError
from samwise_ros.messages.images import to_message, to_rgb

HEIGHT, WIDTH = 4, 6
RGB = np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
GRAY = RGB[..., 0]
OPAQUE = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)


def message(stored: np.ndarray, encoding: str, *, padding: int = 0, big_endian: bool = False) -> Image:
    """An image of these stored values, each row followed by so many bytes of rubbish."""
    rows = np.ascontiguousarray(stored).view(np.uint8).reshape(stored.shape[0], -1)
    rows = np.pad(rows, ((0, 0), (0, padding)), constant_values=0xAB)
    data = array("B")
    data.frombytes(rows.tobytes())
    return Image(
        height=stored.shape[0],
        width=stored.shape[1],
        encoding=encoding,
        is_bigendian=int(big_endian),
        step=rows.shape[1],
        data=data,
    )


@pytest.mark.parametrize("padding", [0, 5])
@pytest.mark.parametrize(
    ("encoding", "stored", "expected"),
    [
        ("rgb8", RGB, RGB),
        ("bgr8", RGB[..., ::-1], RGB),
        ("8UC3", RGB[..., ::-1], RGB),
        ("rgba8", np.concatenate([RGB, OPAQUE], 2), RGB),
        ("bgra8", np.concatenate([RGB[..., ::-1], OPAQUE], 2), RGB),
        ("mono8", GRAY, np.dstack([GRAY] * 3)),
        ("8UC1", GRAY, np.dstack([GRAY] * 3)),
        ("mono16", GRAY.astype("<u2") * 256 + 17, np.dstack([GRAY] * 3)),
    ],
)
def test_every_plain_encoding(encoding: str, stored: np.ndarray, expected: np.ndarray, padding: int) -> None:
    decoded = to_rgb(message(stored, encoding, padding=padding))
    assert decoded.dtype == np.uint8
    assert decoded.flags.c_contiguous
    np.testing.assert_array_equal(decoded, expected)


def test_mono16_of_a_big_endian_camera() -> None:
    stored = (GRAY.astype(np.uint16) * 256 + 17).astype(">u2")
    np.testing.assert_array_equal(to_rgb(message(stored, "mono16", big_endian=True)), np.dstack([GRAY] * 3))


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("pattern", ["rggb", "bggr", "gbrg", "grbg"])
def test_bayer_patterns_by_an_image_of_one_colour(pattern: str, bits: int) -> None:
    colour = {"r": 200, "g": 100, "b": 50}
    tile = np.array([[colour[c] for c in pattern[:2]], [colour[c] for c in pattern[2:]]], np.uint8)
    stored = np.tile(tile, (4, 4))
    if bits == 16:
        stored = stored.astype("<u2") * 256
    decoded = to_rgb(message(stored, f"bayer_{pattern}{bits}", padding=4))
    np.testing.assert_array_equal(decoded, np.broadcast_to((200, 100, 50), (8, 8, 3)))


@pytest.mark.parametrize(
    ("encoding", "luma_first"), [("uyvy", False), ("yuv422", False), ("yuyv", True), ("yuv422_yuy2", True)]
)
def test_yuv_tells_luma_from_chroma(encoding: str, luma_first: bool) -> None:
    # 4:2:2 in video range: luma 235 is white, 16 is black, chroma 128 is no colour.
    luma = np.tile(np.array([235, 16], np.uint8), (HEIGHT, WIDTH // 2))
    chroma = np.full_like(luma, 128)
    stored = np.dstack([luma, chroma] if luma_first else [chroma, luma])
    decoded = to_rgb(message(stored, encoding, padding=2))
    np.testing.assert_array_equal(decoded[..., 0], np.tile([255, 0], (HEIGHT, WIDTH // 2)))
    assert (decoded == decoded[..., :1]).all(), "grey"


def test_yuv_red_is_red() -> None:
    # BT.601: red is U = 90, V = 240.
    stored = np.dstack([np.tile([90, 240], (HEIGHT, WIDTH // 2)), np.full((HEIGHT, WIDTH), 81)])
    decoded = to_rgb(message(stored.astype(np.uint8), "uyvy"))
    assert (decoded[..., 0] > 245).all()
    assert (decoded[..., 1:] < 10).all()


def broken(**changes: object) -> Image:
    image = message(RGB, "rgb8")
    for name, value in changes.items():
        setattr(image, name, value)
    return image


@pytest.mark.parametrize(
    ("image", "names"),
    [
        (broken(encoding="rgb99"), ["'rgb99'", "bgr8"]),
        (broken(encoding="x" * 5000), ["xxx", "bgr8"]),
        (broken(encoding=""), ["''", "bgr8"]),
        (broken(width=0), ["0x4", "resolution"]),
        (broken(height=0), ["6x0", "resolution"]),
        (broken(step=17), ["17", "18"]),
        (broken(step=0), ["step 0", "18"]),
        (broken(step=19), ["72", "19", "76"]),
        (broken(data=array("B", bytes(71))), ["71", "72"]),
        (broken(data=array("B")), ["holds 0", "72"]),
        (broken(data=array("B", bytes(73))), ["73", "72"]),
        (broken(width=2**32 - 1, step=2**32 - 1), ["too small"]),
        (message(np.zeros((4, 5, 2), np.uint8), "uyvy"), ["5", "even"]),
    ],
)
def test_refusal_names_value_and_remedy(image: Image, names: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        to_rgb(image)
    for name in names:
        assert name in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_message_reads_back_and_keeps_its_header() -> None:
    header = Header(frame_id="camera_optical_frame")
    built = to_message(RGB, "rgb8", header)
    assert (built.header, built.height, built.width, built.step) == (header, HEIGHT, WIDTH, 3 * WIDTH)
    np.testing.assert_array_equal(to_rgb(built), RGB)


def test_message_of_a_view_is_stored_row_by_row() -> None:
    built = to_message(RGB[:, ::2, 1], "mono8", Header())
    assert built.step == built.width == WIDTH // 2
    assert bytes(built.data) == RGB[:, ::2, 1].tobytes()
