import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from samwise.errors import FrameError
from samwise.video import pictures
from samwise.video.pictures import pages, read_upright

COLOURS = cv2.resize(np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype=np.uint8), (48, 32))
GREY = COLOURS[..., 0]
ORIENTATION = 0x0112


@pytest.fixture
def image():
    return Image.fromarray(COLOURS)


def test_colours_and_transparency(tmp_path, image):
    image.save(tmp_path / "rgb.png")
    np.testing.assert_array_equal(read_upright(tmp_path / "rgb.png"), COLOURS)
    image.putalpha(Image.fromarray(GREY))
    image.save(tmp_path / "rgba.png")
    np.testing.assert_array_equal(read_upright(tmp_path / "rgba.png"), COLOURS)


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
def test_16_bits_of_grey(tmp_path, name):
    cv2.imwrite(str(tmp_path / name), GREY.astype(np.uint16) * 256 + 7)
    np.testing.assert_array_equal(read_upright(tmp_path / name), np.dstack([GREY] * 3))


def test_16_bits_of_colours(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), COLOURS[..., ::-1].astype(np.uint16) * 256 + 7)
    np.testing.assert_array_equal(read_upright(tmp_path / "a.png"), COLOURS)


@pytest.mark.parametrize(("mode", "name"), [("L", "a.png"), ("1", "a.png"), ("LA", "a.png"), ("P", "a.png")])
def test_grey_and_palette(tmp_path, image, mode, name):
    converted = image.convert(mode)
    converted.save(tmp_path / name)
    np.testing.assert_array_equal(read_upright(tmp_path / name), np.asarray(converted.convert("RGB")))


def test_cmyk_has_the_colours_that_others_show(tmp_path, image):
    image.convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    found = read_upright(tmp_path / "a.jpg").astype(int)
    assert np.abs(found - COLOURS).mean() < 5
    assert np.abs(found - cv2.imread(str(tmp_path / "a.jpg"))[..., ::-1]).max() <= 2


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_as_viewers_show_it(tmp_path, image, ending, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {"quality": 95} if ending == "jpg" else {"lossless": True} if ending == "webp" else {}
    image.save(tmp_path / f"a.{ending}", exif=exif, **options)
    turn = {
        1: lambda x: x,
        2: np.fliplr,
        3: lambda x: np.rot90(x, 2),
        4: np.flipud,
        5: lambda x: x.transpose(1, 0, 2),
        6: lambda x: np.rot90(x, -1),
        7: lambda x: np.rot90(x, 2).transpose(1, 0, 2),
        8: np.rot90,
    }[orientation]
    expected = turn(COLOURS)
    found = read_upright(tmp_path / f"a.{ending}")
    assert found.shape == expected.shape and np.abs(found.astype(int) - expected).mean() < 4


def damaged(path: Path, kind: str) -> Path:
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("no picture")
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("nowhere")
    elif kind == "float":
        Image.fromarray(GREY.astype(np.float32) / 255).save(path, format="TIFF")
    else:
        Image.fromarray(COLOURS).save(path)
        content = bytearray(path.read_bytes())
        if kind == "cut":
            path.write_bytes(content[: len(content) // 2])
        else:
            content[len(content) // 2] ^= 255
            path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((n, k) for n in ("a.jpg", "a.png") for k in ("empty", "text", "folder", "link", "cut")),
        ("a.png", "flipped"),
        ("a.bmp", "cut"),
        ("a.webp", "cut"),
        ("a.tif", "cut"),
        ("a.tif", "float"),
    ],
)
def test_what_is_not_whole_is_an_error_of_one_line(tmp_path, name, kind):
    with pytest.raises(FrameError) as raised:
        read_upright(damaged(tmp_path / name, kind))
    assert "\n" not in str(raised.value) and ("replace it" in str(raised.value) or kind == "float")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_waited_for(tmp_path, make):
    make(tmp_path / "0.png")
    with pytest.raises(FrameError, match="a folder, a pipe or a device"):
        read_upright(tmp_path / "0.png")


def test_too_many_pixels(tmp_path, image, monkeypatch):
    image.save(tmp_path / "a.png")
    monkeypatch.setattr(pictures, "MAX_PIXELS", 32 * 48 - 1)
    with pytest.raises(FrameError, match="48 x 32 pixels.*scale it down"):
        read_upright(tmp_path / "a.png")


def test_animations_and_pages_are_counted(tmp_path, image):
    others = [image.rotate(90), image.rotate(180)]
    for name in ("a.png", "a.webp", "a.tif"):
        image.save(tmp_path / name, save_all=True, append_images=others)
        assert pages(tmp_path / name) == 3
    for name in ("one.png", "one.webp", "one.tif", "one.jpg"):
        image.save(tmp_path / name)
        assert pages(tmp_path / name) == 1
    # What a camera puts behind a photograph is no second picture.
    image.save(tmp_path / "preview.tif", save_all=True, append_images=[image.resize((6, 4))])
    image.save(tmp_path / "depth.jpg", format="MPO", save_all=True, append_images=others)
    assert pages(tmp_path / "preview.tif") == pages(tmp_path / "depth.jpg") == 1
    assert pages(tmp_path / "nothing.png") == 1
