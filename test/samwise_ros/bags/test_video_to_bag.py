import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest
from clips import PAUSED_TIMES, cut_off, make_clip, with_pause
from other_readers import read_with_rosbags
from recordings import HEIGHT, WIDTH, read_all, tiny_story

from samwise.video.files import open_video
from samwise.video.frames import Source
from samwise_ros.bags.camera_recording import CameraRecording
from samwise_ros.bags.errors import BagError
from samwise_ros.bags.pictures import rgb_of
from samwise_ros.bags.video_to_bag import main, video_to_bag
from samwise_ros.messages.stamps import nanoseconds

FPS = 10.0


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (WIDTH, HEIGHT))
    for frame in tiny_story(8).frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def test_jpeg_frames_have_the_pace_of_the_video(clip: Path, tmp_path: Path) -> None:
    assert video_to_bag(clip, tmp_path / "a.mcap", start_ns=10**18) == 8
    messages = [message for _, message in read_all(tmp_path / "a.mcap", "/camera/image/compressed")]
    stamps = [nanoseconds(message.header.stamp) for message in messages]
    assert stamps == [10**18 + index * 100_000_000 for index in range(8)]
    picture = rgb_of(messages[0])
    assert picture.shape == (HEIGHT, WIDTH, 3)
    # The red square: the channels are in order.
    assert picture[12, 8, 0] > 150 > picture[12, 8, 2]


def test_raw_frames_scaled_and_with_another_pace(clip: Path, tmp_path: Path) -> None:
    video_to_bag(
        clip,
        tmp_path / "a.mcap",
        image_format="raw",
        image_topic="/eye",
        size=(32, 24),
        fps=5.0,
        max_frames=3,
    )
    messages = [message for _, message in read_all(tmp_path / "a.mcap", "/eye")]
    assert [(m.width, m.height, m.step, m.encoding, len(m.data)) for m in messages] == [
        (32, 24, 96, "rgb8", 2304)
    ] * 3
    stamps = [nanoseconds(message.header.stamp) for message in messages]
    assert np.diff(stamps).tolist() == [200_000_000] * 2


def test_the_sentence_comes_before_the_first_frame(clip: Path, tmp_path: Path) -> None:
    video_to_bag(clip, tmp_path / "a.mcap", expression="the red square", start_ns=10**18)
    [(time, message)] = read_all(tmp_path / "a.mcap", "/expression")
    assert message.data == "the red square"
    assert time < 10**18


def test_a_file_that_is_no_video_is_named_and_leaves_no_bag(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("no video")
    with pytest.raises(BagError, match=r"notes\.mp4 is not a video"):
        video_to_bag(tmp_path / "notes.mp4", tmp_path / "a.mcap")
    with pytest.raises(BagError, match="no video file"):
        video_to_bag(tmp_path / "gone.mp4", tmp_path / "a.mcap")
    assert not (tmp_path / "a.mcap").exists()


def stamps_of(bag: Path) -> list[int]:
    messages = [message for _, message in read_all(bag, "/camera/image/compressed")]
    return [nanoseconds(message.header.stamp) for message in messages]


def test_a_variable_rate_keeps_the_times_of_the_container(tmp_path: Path) -> None:
    with_pause(tmp_path / "clip.mp4")
    assert video_to_bag(tmp_path / "clip.mp4", tmp_path / "a.mcap", start_ns=10**18) == len(PAUSED_TIMES)
    found = stamps_of(tmp_path / "a.mcap")
    assert found == [10**18 + round(t * 1e9) for t in PAUSED_TIMES]
    video_to_bag(tmp_path / "clip.mp4", tmp_path / "b.mcap", start_ns=10**18, fps=20.0)
    assert np.diff(stamps_of(tmp_path / "b.mcap")).tolist() == [50_000_000] * (len(PAUSED_TIMES) - 1)


def test_a_video_that_was_cut_off_is_said_and_what_there_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = cut_off(make_clip(tmp_path / "clip.mp4", "-g", "5", "-movflags", "+faststart"))
    assert main([str(clip), str(tmp_path / "a.mcap")]) == 1
    count = len(stamps_of(tmp_path / "a.mcap"))
    assert f"has {count} frames, but" in capsys.readouterr().err and 5 < count < 30
    assert main([str(clip), str(tmp_path / "b.mcap"), "--max-frames", "3"]) == 0, (
        "that is all that was asked for"
    )


def test_a_video_of_which_nothing_can_be_decoded_leaves_no_bag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = make_clip(tmp_path / "clip.mp4")
    monkeypatch.setattr("samwise.video.files._Reader.stamps", lambda self: iter(()))
    assert main([str(clip), str(tmp_path / "a.mcap")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "no frame can be decoded" in said and "clip.h264.mp4" in said
    assert list(tmp_path.iterdir()) == [clip]


def test_a_video_without_times_or_rate_needs_one(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_without_rate(path: Path) -> Source:
        return dataclasses.replace(open_video(path), timed=False)

    monkeypatch.setattr("samwise.video.files.open_video", open_without_rate)
    with pytest.raises(BagError, match="--fps"):
        video_to_bag(clip, tmp_path / "a.mcap")
    assert video_to_bag(clip, tmp_path / "a.mcap", fps=30.0) == 8


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
@pytest.mark.parametrize("overwrite", [[], ["--overwrite"]])
def test_what_is_no_bag_is_never_replaced(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, overwrite: list[str]
) -> None:
    place = tmp_path / name
    place.mkdir()
    (place / "notes.txt").write_text("mine")
    assert main([str(clip), str(place), *overwrite]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "notes.txt" in said
    assert (place / "notes.txt").read_text() == "mine"
    assert sorted(tmp_path.iterdir()) == sorted([clip, place])


@pytest.mark.parametrize("name", ["a.mcap", "bag"])
def test_an_earlier_bag_stays_where_the_new_one_fails(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = tmp_path / name
    assert main([str(clip), str(place)]) == 0

    def add_frame(*_: object) -> None:
        assert place.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(CameraRecording, "add_frame", add_frame)
    assert main([str(clip), str(place), "--overwrite"]) == 130
    assert len(read_with_rosbags(place)) == 8
    assert sorted(tmp_path.iterdir()) == sorted([clip, place])


@pytest.mark.parametrize(
    "options",
    [
        ("--quality", "0"),
        ("--quality", "101"),
        ("--fps", "0"),
        ("--fps", "nan"),
        ("--fps", "-5"),
        ("--max-frames", "0"),
        ("--max-frames", "-1"),
        ("--resize", "640"),
        ("--resize", "640x100000000"),
        ("--expression", "!!!"),
        ("--expression", " "),
        ("--topic", "camera/image"),
        ("--topic", "/camera image"),
        ("--topic", "//camera"),
        ("--topic", "/" + "a" * 240),
        ("--frame-id", ""),
        ("--frame-id", "/camera"),
        ("--frame-id", "the camera"),
    ],
)
def test_values_out_of_range_are_named(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(clip), str(tmp_path / "a.mcap"), *options])
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert options[0] in said and repr(options[1])[:20] in said
    assert list(tmp_path.iterdir()) == [clip]
