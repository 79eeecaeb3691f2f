from dataclasses import replace

import pytest

from samwise_ros.console.health import Facts, Level, judge

WELL = Facts(
    node="/segmenter",
    present=True,
    answers=True,
    state="active",
    image_topic="/camera/image",
    image_publishers=1,
    images_hz=15.0,
    masks_hz=12.0,
    sentence="the red car",
)


def test_all_is_well() -> None:
    word = judge(WELL)
    assert word.level == Level.OK
    assert "15" in word.text and "12" in word.text


@pytest.mark.parametrize(
    ("change", "level", "says"),
    [
        ({"present": False}, Level.ERROR, "There is no node /segmenter. Start it"),
        ({"answers": False}, Level.ERROR, "does not answer"),
        ({"state": "configuring"}, Level.WARN, "is loading its model"),
        ({"state": "unconfigured"}, Level.WARN, "press Configure"),
        ({"state": "inactive"}, Level.WARN, "press Resume"),
        ({"state": "finalized"}, Level.ERROR, "start it again"),
        ({"image_topic": None}, Level.WARN, "no image topic"),
        ({"image_publishers": 0}, Level.ERROR, "Nobody publishes on /camera/image"),
        ({"images_hz": 0.0}, Level.ERROR, "No image comes on /camera/image"),
        ({"undrawable": "encoding 'x' is unknown"}, Level.ERROR, "encoding 'x' is unknown"),
        ({"masks_hz": 0.0, "sentence": ""}, Level.WARN, "say what to follow"),
        ({"masks_hz": 0.0}, Level.WARN, "no masks"),
        ({"unmatched": 3}, Level.WARN, "images lost"),
    ],
)
def test_each_trouble_has_a_sentence_that_says_what_to_do(
    change: dict[str, object], level: Level, says: str
) -> None:
    word = judge(replace(WELL, **change))  # type: ignore[arg-type]
    assert word.level == level
    assert says in word.text


def test_the_first_cause_goes_before_its_consequences() -> None:
    gone = replace(WELL, present=False, answers=False, state="", images_hz=0.0, masks_hz=0.0)
    assert "There is no node" in judge(gone).text
    silent_camera = replace(WELL, images_hz=0.0, masks_hz=0.0)
    assert "No image comes" in judge(silent_camera).text
