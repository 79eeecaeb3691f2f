from pathlib import Path

import pytest
from recordings import types_for_strings, write_story

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.writer import BagWriter
from samwise_ros.report.scenario import read_scenario


def test_pictures_sentences_and_truth_are_found(tmp_path: Path) -> None:
    story = write_story(tmp_path / "a.mcap", 9)
    scenario = read_scenario(tmp_path / "a.mcap", "/camera/image")
    assert scenario.recorded_topic == "/camera/image/compressed"
    assert len(scenario.stamps) == 9
    assert scenario.fps == pytest.approx(story.fps)
    assert scenario.has_truth
    assert [scenario.sentence_at(stamp) for stamp in scenario.stamps] == (
        ["the red square"] * 4 + ["the blue square"] * 5
    )
    assert scenario.sentence_at(scenario.stamps[0] - 10**9) == ""
    assert scenario.seconds(scenario.stamps[3]) == pytest.approx(0.2)


def test_another_image_topic_is_asked_for_by_name(tmp_path: Path) -> None:
    write_story(tmp_path / "a.mcap")
    with pytest.raises(BagError, match="no images on /eye .*--image-topic.*/camera/image/compressed"):
        read_scenario(tmp_path / "a.mcap", "/eye")


def test_a_recording_without_sentences_is_too_little(tmp_path: Path) -> None:
    types, _ = types_for_strings()
    with BagWriter(tmp_path / "a.mcap", types) as writer:
        writer.add_topic("/camera/image", "sensor_msgs/msg/Image")
    with pytest.raises(BagError, match="0 images and 0 sentences"):
        read_scenario(tmp_path / "a.mcap", "/camera/image")
