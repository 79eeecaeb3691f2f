import cv2
import numpy as np
import pytest

from samwise.errors import FrameError
from samwise.video.sources import open_source


def picture(value: int):
    image = np.zeros((32, 48, 3), np.uint8)
    image[..., 0] = value  # blue, as OpenCV writes it
    return image


def test_folder_in_the_order_of_names_and_as_rgb(tmp_path):
    for name, value in (("b", 200), ("a", 100)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), picture(value))
    (tmp_path / "notes.txt").write_text("not a picture")
    source = open_source(str(tmp_path))
    frames = list(source.frames)
    assert [f.name for f in frames] == ["a", "b"] and source.length == 2
    assert frames[0].image[0, 0].tolist() == [0, 0, 100]


def test_video(tmp_path):
    path = str(tmp_path / "clip.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 12.0, (48, 32))
    for value in (50, 100, 150):
        writer.write(picture(value))
    writer.release()
    source = open_source(path)
    frames = list(source.frames)
    assert source.name == "clip" and source.rate == pytest.approx(12) and len(frames) == 3
    assert abs(int(frames[2].image[16, 24, 2]) - 150) < 12


@pytest.mark.parametrize("where", ["nothing.mp4", "empty", "broken.mp4"])
def test_nothing_to_read_is_named(tmp_path, where):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(FrameError, match=where):
        open_source(str(tmp_path / where))


def test_damaged_picture_is_named(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(FrameError, match=r"a\.png"):
        list(open_source(str(tmp_path)).frames)
