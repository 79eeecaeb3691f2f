"""demo/demo.mcap, as it lies in the repository."""

from pathlib import Path

import numpy as np
import pytest
from recordings import read_all

from samwise.world.story import demo_story
from samwise_ros.bags.pictures import mask_of, rgb_of
from samwise_ros.messages.stamps import nanoseconds
from samwise_ros.report.scenario import Scenario, read_scenario

BAG = Path(__file__).parents[3] / "demo" / "demo.mcap"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(BAG, "/camera/image")


@pytest.fixture(scope="module")
def truth() -> dict[int, np.ndarray]:
    masks = read_all(BAG, "/ground_truth/mask")
    return {nanoseconds(mask.header.stamp): mask_of(mask, mask.data) for _, mask in masks}


def test_it_is_large_and_long_enough_for_a_demo(scenario: Scenario) -> None:
    assert scenario.fps >= 14.99
    assert scenario.seconds(scenario.stamps[-1]) >= 12
    assert len(scenario.sentences) >= 2
    picture = rgb_of(read_all(BAG, scenario.recorded_topic)[0][1])
    assert picture.shape[0] >= 480 and picture.shape[1] >= 640


def test_it_is_small_enough_for_the_repository() -> None:
    assert BAG.stat().st_size < 5_000_000


def test_every_picture_has_its_truth(scenario: Scenario, truth: dict[int, np.ndarray]) -> None:
    assert set(truth) == set(scenario.stamps)


def test_the_first_target_comes_in_late(scenario: Scenario, truth: dict[int, np.ndarray]) -> None:
    # So that something similar may be followed before, and the model has something to correct.
    second = scenario.sentences[1][0]
    seen = [bool(truth[stamp].any()) for stamp in scenario.stamps if stamp < second]
    assert not any(seen[:30])
    assert sum(seen) >= 60


@pytest.mark.slow
def test_it_is_the_recording_of_the_story(scenario: Scenario, truth: dict[int, np.ndarray]) -> None:
    # Otherwise the story has changed: make demo-bag.
    story = demo_story()
    assert [sentence for _, sentence in scenario.sentences] == [sentence for _, sentence in story.cues]
    assert len(scenario.stamps) == len(story.masks)
    assert all(
        np.array_equal(truth[stamp], mask) for stamp, mask in zip(scenario.stamps, story.masks, strict=True)
    )
