from pathlib import Path

import numpy as np
from recordings import read_all, tiny_story, write_story

from samwise_ros.bags.pictures import mask_of, rgb_of
from samwise_ros.bags.qos_conversion import is_latched
from samwise_ros.bags.reader import open_bag, stored_qos
from samwise_ros.bags.story_to_bag import story_to_bag
from samwise_ros.messages.stamps import nanoseconds


def test_every_frame_has_a_picture_and_a_mask_of_one_stamp(tmp_path: Path) -> None:
    story = write_story(tmp_path / "a.mcap")
    pictures = read_all(tmp_path / "a.mcap", "/camera/image/compressed")
    masks = read_all(tmp_path / "a.mcap", "/ground_truth/mask")
    assert len(pictures) == len(masks) == len(story.frames)
    for index, ((_, picture), (_, mask)) in enumerate(zip(pictures, masks, strict=True)):
        assert nanoseconds(picture.header.stamp) == nanoseconds(mask.header.stamp)
        assert picture.header.frame_id == "camera_optical_frame"
        np.testing.assert_array_equal(mask_of(mask, mask.data), story.masks[index])
        error = rgb_of(picture).astype(int) - story.frames[index]
        assert np.abs(error).mean() < 10
    times = [nanoseconds(picture.header.stamp) for _, picture in pictures]
    np.testing.assert_allclose(np.diff(times), 1e9 / story.fps, atol=1)


def test_a_sentence_is_said_before_its_frame_and_after_the_one_before(tmp_path: Path) -> None:
    story = write_story(tmp_path / "a.mcap")
    pictures = [
        nanoseconds(m.header.stamp) for _, m in read_all(tmp_path / "a.mcap", "/camera/image/compressed")
    ]
    said = read_all(tmp_path / "a.mcap", "/expression")
    assert [message.data for _, message in said] == [text for _, text in story.cues]
    (first, _), (second, _) = said
    assert first < pictures[0]
    assert pictures[story.cues[1][0] - 1] < second < pictures[story.cues[1][0]]


def test_sentences_are_latched_and_pictures_are_not(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    with open_bag(tmp_path / "a.mcap") as reader:
        latched = {c.topic for c in reader.connections if is_latched(stored_qos(c))}
    assert latched == {"/expression"}


def test_the_same_story_makes_the_same_file(tmp_path: Path) -> None:
    paths = [tmp_path / name / "demo.mcap" for name in ("one", "two")]
    for path in paths:
        story_to_bag(tiny_story(), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
