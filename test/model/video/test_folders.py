from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from samwise.errors import FrameError
from samwise.video.folders import distinct_names, open_folder


def write(folder, *names, size=(32, 48)):
    for value, name in enumerate(names):
        cv2.imwrite(str(folder / name), np.full((*size, 3), 10 * value, np.uint8))


def read(folder):
    source = open_folder(folder)
    return source, [frame.name for frame in source.frames]


def test_frames_come_in_the_order_of_their_numbers(tmp_path):
    write(tmp_path, *(f"frame_{t}.png" for t in (1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9)))
    source = open_folder(tmp_path)
    frames = list(source.frames)
    assert [f.name for f in frames] == [f"frame_{t}" for t in range(1, 13)]
    assert [f.time for f in frames] == pytest.approx([t / source.rate for t in range(12)])
    assert source.length == 12 and not source.timed


def test_one_picture_that_cannot_be_read_costs_only_itself(tmp_path):
    write(tmp_path, *(f"{t}.jpg" for t in range(5)))
    (tmp_path / "1.jpg").write_bytes((tmp_path / "1.jpg").read_bytes()[:200])
    (tmp_path / "3.jpg").unlink()
    (tmp_path / "3.jpg").mkdir()
    source = open_folder(tmp_path)
    frames = list(source.frames)
    assert [f.name for f in frames] == ["0", "2", "4"]
    assert [f.time for f in frames] == pytest.approx([0.0, 0.2, 0.4]), "those after it keep their time"
    assert len(source.account.losses) == 2
    for loss, number in zip(source.account.losses, (1, 3), strict=True):
        assert f"frame {number}," in loss and f"{number}.jpg" in loss


def test_hidden_files_and_other_things_are_no_frames(tmp_path):
    write(tmp_path, "a.png", "b.png")
    (tmp_path / "._a.png").write_bytes(b"a Mac was here")
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "masks").mkdir()
    source, names = read(tmp_path)
    assert names == ["a", "b"] and not source.account.losses and not source.account.warnings


def test_pictures_of_a_kind_that_is_not_read_are_named(tmp_path):
    write(tmp_path, "a.png")
    (tmp_path / "b.HEIC").write_bytes(b"from a telephone")
    source, names = read(tmp_path)
    assert names == ["a"] and len(source.account.losses) == 1 and "b.HEIC" in source.account.losses[0]
    (tmp_path / "a.png").unlink()
    with pytest.raises(FrameError, match=r"no pictures in.*b\.HEIC.*convert"):
        open_folder(tmp_path)


def test_an_animation_is_not_taken_for_a_frame_without_a_word(tmp_path):
    image = Image.fromarray(np.full((32, 48, 3), 9, np.uint8))
    image.save(tmp_path / "a.png", save_all=True, append_images=[image.point(lambda x: 3 * x)] * 2)
    source, names = read(tmp_path)
    assert names == ["a"] and "a.png" in source.account.losses[0] and "3 pictures" in source.account.losses[0]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["a.jpg", "b.jpg"], ["a", "b"]),
        (["a.jpg", "a.png", "b.png"], ["a.jpg", "a.png", "b"]),
        (["A.jpg", "a.jpg"], ["A.jpg", "a.jpg-2"]),
        (["A.jpg", "a.png"], ["A.jpg", "a.png"]),
        (["caf\u00e9.png", "cafe\u0301.png"], ["caf\u00e9.png", "cafe\u0301.png-2"]),
        (["a.jpg", "a.png", "a.jpg.png"], ["a.jpg-2", "a.png", "a.jpg"]),
    ],
)
def test_masks_get_names_of_their_own(tmp_path, files, expected):
    names = distinct_names([tmp_path / name for name in files])
    assert names == expected and len({name.casefold() for name in names}) == len(files)


def test_another_name_than_the_files_is_said(tmp_path):
    write(tmp_path, "a.jpg", "a.png", "b.png")
    source, names = read(tmp_path)
    assert names == ["a.jpg", "a.png", "b"]
    [warning] = source.account.warnings
    assert "'a.jpg', 'a.png'" in warning


def test_the_folder_that_one_stands_in_has_a_name(tmp_path, monkeypatch):
    (tmp_path / "walk").mkdir()
    write(tmp_path / "walk", "a.png")
    monkeypatch.chdir(tmp_path / "walk")
    assert open_folder(Path(".")).name == "walk"


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(FrameError, match=f"no pictures in.*{tmp_path.name}"):
        open_folder(tmp_path)
