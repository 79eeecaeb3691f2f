import cv2
import numpy as np
import pytest

from samwise.errors import SamwiseError
from samwise.results import StepResult, Target
from samwise.video import overlay_video
from samwise.video.frames import Account, Frame
from samwise.video.overlay_video import MAX_SIDE, OverlayVideo


def result(height, width):
    mask = np.zeros((height, width), bool)
    mask[height // 4 : height // 2, width // 4 : width // 2] = True
    return StepResult(0, (Target(0, "the red car", mask, mask.astype(np.float32), True, 0.9, None),), {})


def write(path, frames, rate=10.0, timed=True):
    """Frames as (time, height, width, value); returns what is shown and what was said."""
    account = Account()
    video = OverlayVideo(path, rate, timed, account)
    for time, height, width, value in frames:
        video.add(Frame("", np.full((height, width, 3), value, np.uint8), time), result(height, width))
    video.close()
    capture = cv2.VideoCapture(str(path))
    shown = []
    while (read := capture.read())[0]:
        shown.append(read[1])
    return shown, capture.get(cv2.CAP_PROP_FPS), account


def test_every_frame_once_at_a_constant_rate(tmp_path):
    # Times in milliseconds, as some containers round them.
    frames = [(round(t / 30, 3), 48, 64, 8 * t) for t in range(20)]
    shown, rate, account = write(tmp_path / "a.mp4", frames, rate=30.0)
    assert rate == pytest.approx(30) and len(shown) == 20 and not account.warnings
    assert [round(float(x[-2, -2].mean()) / 8) for x in shown] == list(range(20))


def test_a_pause_is_as_long_as_it_was(tmp_path):
    times = [0.0, 0.1, 0.2, 1.2, 1.3]
    shown, _, _ = write(tmp_path / "a.mp4", [(t, 48, 64, 50 * n) for n, t in enumerate(times)])
    assert [round(float(x[-2, -2].mean()) / 50) for x in shown] == [0, 1, *[2] * 10, 3, 4]


def test_times_that_are_made_up_make_no_pause(tmp_path):
    shown, _, _ = write(tmp_path / "a.mp4", [(0, 48, 64, 0), (5, 48, 64, 100)], timed=False)
    assert len(shown) == 2


def test_frames_that_come_faster_are_all_shown_and_the_pause_makes_up_for_it(tmp_path):
    times = [0.0, 0.02, 0.04, 0.06, 1.0]
    shown, _, _ = write(tmp_path / "a.mp4", [(t, 48, 64, 50 * n) for n, t in enumerate(times)])
    assert [round(float(x[-2, -2].mean()) / 50) for x in shown] == [0, 1, 2, *[3] * 7, 4]


def test_a_very_long_pause_is_shortened_and_said(tmp_path):
    frames = [(0, 48, 64, 0), (3600, 48, 64, 100), (3600.1, 48, 64, 200)]
    shown, _, account = write(tmp_path / "a.mp4", frames)
    assert len(shown) == 103 and "pauses of more than 10 s" in account.warnings[0]


def test_frames_of_another_size_are_fitted_in(tmp_path):
    shown, _, _ = write(tmp_path / "a.mp4", [(0, 48, 64, 200), (0.1, 96, 64, 200), (0.2, 20, 20, 200)])
    assert [x.shape for x in shown] == [(48, 64, 3)] * 3
    narrow = shown[1]
    assert narrow[:, 20:44].mean() > 100 and narrow[:, :12].max() < 40 and narrow[:, -12:].max() < 40
    assert shown[2][:, 12:52].mean() > 100, "small ones are enlarged"


def test_odd_sizes_lose_nothing(tmp_path):
    shown, _, _ = write(tmp_path / "a.mp4", [(0, 17, 23, 200)])
    assert shown[0].shape == (18, 24, 3)


def test_what_no_player_takes_is_scaled_down_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(overlay_video, "MAX_SIDE", 100)
    shown, _, account = write(tmp_path / "a.mp4", [(0, 60, 400, 200)])
    assert shown[0].shape == (16, 100, 3) and "scaled down from 400 x 60" in account.warnings[0]
    assert MAX_SIDE == 4096


def test_a_rate_that_no_player_takes(tmp_path):
    for rate in (0.01, 1000.0):
        shown, _, _ = write(tmp_path / "a.mp4", [(0, 48, 64, 200), (0.001, 48, 64, 0)], rate)
        assert len(shown) == 2


def test_a_file_that_is_not_whole_is_removed_and_said(tmp_path):
    """As on a full disk, of which OpenCV's writer says nothing."""
    path = tmp_path / "a.mp4"
    video = OverlayVideo(path, 10.0, True, Account())
    video.add(Frame("", np.zeros((48, 64, 3), np.uint8), 0.0), result(48, 64))
    path.unlink()
    with pytest.raises(SamwiseError, match=r"a\.mp4.*is the disk full"):
        video.close()
    video.close()  # nothing more is left to do


def test_a_folder_that_is_not_there(tmp_path):
    video = OverlayVideo(tmp_path / "gone/a.mp4", 10.0, True, Account())
    with pytest.raises(SamwiseError, match=r"a\.mp4.*--no-overlay"):
        video.add(Frame("", np.zeros((48, 64, 3), np.uint8), 0.0), result(48, 64))


def test_a_video_without_frames_is_no_file(tmp_path):
    OverlayVideo(tmp_path / "a.mp4", 10.0, True, Account()).close()
    assert not (tmp_path / "a.mp4").exists()
