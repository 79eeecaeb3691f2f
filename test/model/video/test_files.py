import subprocess

import cv2
import numpy as np
import pytest
from clips import (
    HEIGHT,
    PAUSED_TIMES,
    RATE,
    WIDTH,
    cut_off,
    ffmpeg,
    make_clip,
    with_hole,
    with_pause,
)

from samwise.errors import FrameError
from samwise.video import files
from samwise.video.files import open_video


def read(path):
    source = open_video(path)
    return source, list(source.frames)


def times(frames):
    return [frame.time for frame in frames]


@pytest.mark.parametrize(
    ("name", "codec", "output"),
    [
        ("b.mp4", "libx264", ("-bf", "3")),
        ("a.mp4", "libx264", ("-bf", "0")),
        ("b.mkv", "libx264", ("-bf", "3")),
        ("b.ts", "libx264", ("-bf", "3")),
        ("b.avi", "mpeg4", ("-bf", "2")),
        ("a.avi", "mjpeg", ()),
        ("a.webm", "libvpx-vp9", ()),
        ("live.webm", "libvpx-vp9", ("-live", "1")),
    ],
)
def test_a_constant_rate_in_every_container(tmp_path, name, codec, output):
    source, frames = read(make_clip(tmp_path / name, *output, codec=codec))
    assert source.name == name.split(".")[0] and source.rate == pytest.approx(RATE) and source.timed
    assert times(frames) == pytest.approx([t / RATE for t in range(30)], abs=0.002)
    assert [f.name for f in frames] == [f"{t:05d}" for t in range(30)]
    assert frames[0].image.shape == (HEIGHT, WIDTH, 3)
    assert not source.account.losses and not source.account.warnings


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_a_variable_rate(tmp_path, name):
    source, frames = read(with_pause(tmp_path / name))
    assert times(frames) == pytest.approx(PAUSED_TIMES, abs=0.002)
    assert source.rate == pytest.approx(RATE), "most frames follow each other like this, whatever the mean is"
    # The container announces as many frames as fit into its duration; all that there are have come.
    assert not source.account.losses


def test_a_start_that_is_not_zero(tmp_path):
    make_clip(tmp_path / "a.mp4")
    ffmpeg("-itsoffset", "2", "-i", str(tmp_path / "a.mp4"), "-c", "copy", str(tmp_path / "late.mp4"))
    source, frames = read(tmp_path / "late.mp4")
    assert times(frames) == pytest.approx([t / RATE for t in range(30)]) and not source.account.losses


def test_what_an_edit_list_hides_is_not_missed(tmp_path):
    make_clip(tmp_path / "a.mp4")
    ffmpeg("-ss", "1.35", "-i", str(tmp_path / "a.mp4"), "-c", "copy", str(tmp_path / "cut.mp4"))
    source, frames = read(tmp_path / "cut.mp4")
    assert len(frames) < 30 == source.length, "it still announces all of them"
    assert times(frames) == pytest.approx([t / RATE for t in range(len(frames))])
    assert not source.account.losses


def test_sound_that_goes_on_after_the_picture(tmp_path):
    sound = ("-f", "lavfi", "-i", "sine=duration=5")
    make_clip(tmp_path / "a.mp4")
    ffmpeg("-i", str(tmp_path / "a.mp4"), *sound, "-c:v", "copy", str(tmp_path / "a.mkv"))
    source, frames = read(tmp_path / "a.mkv")
    assert len(frames) == 30 < source.length and not source.account.losses


def test_no_times_at_all(tmp_path):
    source, frames = read(make_clip(tmp_path / "raw.h264"))
    assert times(frames) == pytest.approx([t / source.rate for t in range(30)])
    [warning] = source.account.warnings
    assert "raw.h264" in warning and "29 of its 30 frames" in warning and not source.account.losses


def test_a_telephone_held_upright(tmp_path):
    path = str(tmp_path / "turned.mp4")
    make_clip(tmp_path / "a.mp4")
    ffmpeg("-display_rotation", "90", "-i", str(tmp_path / "a.mp4"), "-c", "copy", path)
    _, lying = read(tmp_path / "a.mp4")
    _, frames = read(tmp_path / "turned.mp4")
    assert {f.image.shape for f in frames} == {(WIDTH, HEIGHT, 3)}
    assert np.abs(frames[0].image - np.rot90(lying[0].image).astype(int)).max() <= 2


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.webm"])
def test_a_file_that_was_cut_off(tmp_path, name):
    codec = {"a.avi": "mjpeg", "a.webm": "libvpx-vp9"}.get(name, "libx264")
    # Its index in front: what is left can be read.
    front = ("-movflags", "+faststart") if name.endswith("mp4") else ()
    path = cut_off(make_clip(tmp_path / name, "-g", "5", *front, codec=codec))
    source, frames = read(path)
    assert 5 < len(frames) < 29
    [loss] = source.account.losses
    assert name in loss and f"{len(frames)} of 30 frames" in loss


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_what_comes_after_a_damage_is_read(tmp_path, name):
    front = ("-movflags", "+faststart") if name.endswith("mp4") else ()
    path = with_hole(make_clip(tmp_path / name, "-g", "5", *front, seconds=6), 3000)
    source, frames = read(path)
    assert len(frames) < 60 and frames[-1].time == pytest.approx(5.9), "times of later frames stay right"
    [loss] = source.account.losses
    assert f"{len(frames)} of 60 frames" in loss


def test_without_an_ffmpeg_a_short_file_is_told_by_its_length(tmp_path, monkeypatch):
    monkeypatch.setattr("samwise.video.ffmpeg.find_ffmpeg", lambda: None)
    whole = make_clip(tmp_path / "whole.mkv", "-g", "5")
    short = tmp_path / "short.mkv"
    short.write_bytes(whole.read_bytes())
    source, frames = read(whole)
    assert len(frames) == 30 and not source.account.losses
    source, frames = read(cut_off(short))
    [loss] = source.account.losses
    assert f"{len(frames)} of 30 frames" in loss


def test_a_video_of_which_nothing_can_be_decoded(tmp_path, monkeypatch):
    """The advice works: what it says is run, and its result read."""
    path = make_clip(tmp_path / "it's a clip.mp4")

    class Blind:
        """OpenCV without a decoder, as for AV1."""

        def __init__(self, real):
            self._real = real

        def __getattr__(self, name):
            return getattr(self._real, name)

        def grab(self):
            return False

    real = files.open_capture
    with monkeypatch.context() as patch:
        patch.setattr(files, "open_capture", lambda where: Blind(real(where)))
        with pytest.raises(FrameError, match="no frame can be decoded; convert it") as raised:
            open_video(path)
    advice = str(raised.value).split("give the new file: ")[1]
    assert "\n" not in str(raised.value)
    subprocess.run(["bash", "-c", advice], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    source, frames = read(tmp_path / "it's a clip.h264.mp4")
    assert len(frames) == 30 and not source.account.losses


def test_av1(tmp_path):
    """OpenCV's wheels open AV1 and decode nothing; where they do decode it, all of it comes."""
    path = make_clip(tmp_path / "a.mp4", "-preset", "12", "-svtav1-params", "lp=1", codec="libsvtav1")
    try:
        _, frames = read(path)
    except FrameError as error:
        assert "no frame can be decoded" in str(error) and "a.h264.mp4" in str(error)
    else:
        assert len(frames) == 30


def test_a_damage_that_nothing_can_mend_is_not_sent_to_ffmpeg(tmp_path):
    path = make_clip(tmp_path / "a.mp4", "-movflags", "+faststart")
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    content[start:] = bytes(len(content) - start)
    path.write_bytes(content)
    with pytest.raises(FrameError, match=r"a\.mp4.*ffmpeg cannot decode it either.*record it again"):
        open_video(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "no video file"), (b"", "is empty"), (b"no video", "is not a video that can be opened")],
)
def test_what_is_no_video(tmp_path, content, said):
    path = tmp_path / "a.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FrameError, match=rf"a\.mp4.*{said}|{said}.*a\.mp4"):
        open_video(path)


@pytest.mark.parametrize("name", ["a.mp4", "a.wav"])
def test_sound_alone_is_told_for_what_it_is(tmp_path, name):
    ffmpeg("-f", "lavfi", "-i", "sine=d=0.2", str(tmp_path / name))
    with pytest.raises(FrameError, match="holds sound and no picture"):
        open_video(tmp_path / name)


@pytest.mark.parametrize("name", ["50%d.mp4", "a:b.mp4", "-x.mp4", "clip_001.mp4", "ein café.mp4"])
def test_names_that_mean_something_elsewhere(tmp_path, monkeypatch, name):
    make_clip(tmp_path / "plain.mp4").rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    _, frames = read(type(tmp_path)(name))
    assert len(frames) == 30


def test_a_name_that_is_not_utf8_does_not_end_the_process(tmp_path):
    path = tmp_path / "caf\udce9.mp4"
    try:
        path.write_bytes(b"anything")
    except OSError:
        pytest.skip("this file system has UTF-8 only")
    with pytest.raises(FrameError, match="not UTF-8.*rename"):
        open_video(path)


def test_an_impossible_rate_is_not_believed(tmp_path, monkeypatch):
    path = make_clip(tmp_path / "raw.h264")

    class Claims:
        def __init__(self, real):
            self._real = real

        def __getattr__(self, name):
            return getattr(self._real, name)

        def get(self, what):
            return 90000.0 if what == cv2.CAP_PROP_FPS else self._real.get(what)

    real = files.open_capture
    monkeypatch.setattr(files, "open_capture", lambda where: Claims(real(where)))
    source = open_video(path)
    assert not source.timed and source.rate == files.UNKNOWN_RATE


def test_what_is_no_file_is_told_for_what_it_is(tmp_path, monkeypatch):
    with pytest.raises(FrameError, match="there is no video file"):
        open_video(tmp_path / "a.mp4")
    with pytest.raises(FrameError, match="is a folder or a device"):
        open_video(tmp_path)
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(FrameError, match="is empty, 0 bytes"):
        open_video(tmp_path / "empty.mp4")

    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "open", forbidden)
    with pytest.raises(FrameError, match="cannot read .*empty.mp4: Permission denied"):
        open_video(tmp_path / "empty.mp4")
