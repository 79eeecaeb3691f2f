import cv2
import numpy as np
import pytest

from samwise.errors import FrameError
from samwise.video import live
from samwise.video.live import is_address, open_camera, open_stream


class Camera:
    """Gives three frames and breaks off."""

    def __init__(self, rate=30.0, count=-1.0):
        self._left, self._rate, self._count = 3, rate, count
        self.released = False

    def get(self, what):
        stamp = 500.0 * (2 - self._left)
        return {cv2.CAP_PROP_FPS: self._rate, cv2.CAP_PROP_FRAME_COUNT: self._count}.get(what, stamp)

    def read(self):
        if not self._left:
            return False, None
        self._left -= 1
        return True, np.zeros((32, 48, 3), np.uint8)

    def release(self):
        self.released = True


@pytest.fixture
def plug(monkeypatch):
    def plug(camera):
        monkeypatch.setattr(live, "open_capture", lambda where: camera)

    return plug


@pytest.mark.parametrize(
    ("where", "address"),
    [("rtsp://host/1", True), ("HTTP://a/b.mp4", True), ("clip.mp4", False), ("C:\\clip.mp4", False)],
)
def test_addresses(where, address):
    assert is_address(where) == address


def test_a_camera_that_ends_is_said(plug):
    camera = Camera(rate=0.0)
    plug(camera)
    source = open_camera(2)
    assert source.live and source.length is None and not source.timed and source.rate == live.USUAL_RATE
    frames = list(source.frames)
    assert [f.name for f in frames] == ["00000", "00001", "00002"] and frames[0].time == 0.0
    assert sorted(f.time for f in frames) == [f.time for f in frames]
    assert "camera 2 gave no more frames after 3" in source.account.losses[0] and camera.released


def test_a_camera_that_is_stopped_is_released_and_owes_nothing(plug):
    camera = Camera()
    plug(camera)
    source = open_camera(0)
    next(source.frames)
    source.frames.close()
    assert camera.released and not source.account.losses


def test_a_video_behind_an_address_has_the_times_of_its_container(plug):
    plug(Camera(rate=2.0, count=3.0))
    source = open_stream("https://host/clips/drive.mp4?token=1")
    assert not source.live and source.length == 3 and source.name == "drive.mp4"
    assert [f.time for f in source.frames] == [0.0, 0.5, 1.0] and not source.account.losses


def test_a_video_behind_an_address_that_breaks_off_is_said(plug):
    plug(Camera(count=10.0))
    source = open_stream("https://host/drive.mp4")
    list(source.frames)
    assert "after 3 of 10" in source.account.losses[0]


def test_passwords_stay_out_of_messages(plug):
    plug(None)
    with pytest.raises(FrameError, match="stream 'rtsp://host:554/1' cannot be opened") as raised:
        open_stream("rtsp://me:secret@host:554/1?key=secret")
    assert "secret" not in str(raised.value)


def test_a_camera_that_is_not_there_is_named(plug):
    plug(None)
    with pytest.raises(FrameError, match="camera 7 cannot be opened"):
        open_camera(7)
