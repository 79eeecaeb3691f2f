from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from samwise.errors import FrameError
from samwise.world.story import Story
from samwise_ros.bags.errors import BagError
from samwise_ros.bags.story_to_bag import story_to_bag
from samwise_ros.console.scene.filmed import video
from samwise_ros.console.scene.recorded import recorded
from samwise_ros.console.scene.world import FPS, SIZE, draw, world

LENGTH = 4


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """Four pictures; the sentence and the true mask change with the third."""
    frames = np.stack([np.full((32, 32, 3), 60 * index, np.uint8) for index in range(LENGTH)])
    masks = np.zeros((LENGTH, 32, 32), bool)
    masks[:2, :16] = True
    masks[2:, 16:] = True
    story = Story(frames, 10.0, ((0, "the top"), (2, "the bottom")), masks)
    story_to_bag(story, tmp_path / "story.mcap")
    return tmp_path / "story.mcap"


def test_a_recording_is_shown_again_and_again_with_the_truth_of_its_sentences(bag: Path) -> None:
    shots = list(islice(recorded(bag, "/camera/image"), 2 * LENGTH + 1))
    assert [shot.cue for shot in shots[:LENGTH]] == ["the top", "the top", "the bottom", "the bottom"]
    assert shots[0].suggestions == ("the top", "the bottom")
    assert np.allclose([shot.time for shot in shots], np.arange(len(shots)) / 10)
    for shot in shots[:LENGTH]:
        (truth,) = shot.truths.values()
        assert list(shot.truths) == [shot.cue]
        assert truth[:16].all() == (shot.cue == "the top") and truth[16:].all() == (shot.cue == "the bottom")
    assert (shots[LENGTH].pixels == shots[0].pixels).all()


def test_no_recording_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BagError, match="nothing.mcap"):
        recorded(tmp_path / "nothing.mcap", "/camera/image")


def test_no_video_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match="nothing.mp4"):
        video(tmp_path / "nothing.mp4")


@pytest.mark.slow
def test_the_world_is_seeded_and_always_new() -> None:
    seconds = 5 / FPS
    first = list(islice(world(seed=0, seconds=seconds), 11))
    again = list(islice(world(seed=0, seconds=seconds), 6))
    assert all((a.pixels == b.pixels).all() for a, b in zip(first, again, strict=False))
    assert (first[0].pixels != first[5].pixels).any(), "another video after the first"
    assert np.allclose([shot.time for shot in first], np.arange(11) / FPS)
    assert first[0].pixels.shape == (*SIZE, 3)
    assert first[0].cue in first[0].suggestions
    assert set(first[0].truths) == set(first[0].suggestions)


def test_masks_come_through_the_process_unharmed() -> None:
    from samwise.world import generate

    drawn = draw(0, 4)
    video = generate(0, "appearance", 4, SIZE, FPS)
    shot = next(iter(world(seed=0, seconds=4 / FPS)))
    for referral in video.referrals:
        assert (shot.truths[referral.expression] == referral.masks[0]).all()
    assert [r.expression for r in drawn.referrals] == [r.expression for r in video.referrals]
