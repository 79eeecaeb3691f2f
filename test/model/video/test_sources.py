import subprocess
import sys

import cv2
import numpy as np
import pytest

from samwise.errors import FrameError
from samwise.video import sources
from samwise.video.sources import open_source


def picture(value: int):
    image = np.zeros((32, 48, 3), np.uint8)
    image[..., 0] = value  # blue, as OpenCV writes it
    return image


def test_a_folder_as_rgb(tmp_path):
    for name, value in (("b", 200), ("a", 100)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), picture(value))
    source = open_source(str(tmp_path))
    frames = list(source.frames)
    assert [f.name for f in frames] == ["a", "b"] and source.length == 2
    assert frames[0].image[0, 0].tolist() == [0, 0, 100]


def test_a_video_as_rgb(tmp_path):
    path = str(tmp_path / "clip.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 12.0, (48, 32))
    for value in (50, 100, 150):
        writer.write(picture(value))
    writer.release()
    source = open_source(path)
    frames = list(source.frames)
    assert source.name == "clip" and source.rate == pytest.approx(12) and len(frames) == 3
    assert abs(int(frames[2].image[16, 24, 2]) - 150) < 12


def test_a_picture_is_a_frame_and_not_the_first_of_a_series(tmp_path):
    for t in (1, 2, 3):
        cv2.imwrite(str(tmp_path / f"frame_{t}.png"), picture(t))
    source = open_source(str(tmp_path / "frame_2.png"))
    assert source.name == "frame_2" and [f.name for f in source.frames] == ["frame_2"]


def test_what_exists_goes_before_a_camera_of_that_number(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "0").mkdir()
    cv2.imwrite(str(tmp_path / "0/a.png"), picture(7))
    assert open_source("0").length == 1
    (tmp_path / "1").write_bytes(b"no video")
    with pytest.raises(FrameError, match="1 is not a video that can be opened"):
        open_source("1")


def test_a_number_without_a_folder_is_a_camera(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "open_camera", lambda index: f"camera {index}")
    assert open_source("3") == "camera 3"


@pytest.mark.parametrize(
    "where", ["nothing.mp4", "empty", "broken.mp4", "-1", "", " ", "~nobody-of-that-name/a.mp4", "a\x00b"]
)
def test_nothing_to_read_is_named(tmp_path, monkeypatch, where):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(FrameError) as raised:
        open_source(where)
    assert repr(where)[1:-1] in str(raised.value) and "\n" not in str(raised.value)


def test_reading_costs_no_torch():
    code = "import sys, samwise.video.sources, samwise.video.exports, samwise.video.overlay_video as o\n"
    code += "sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
