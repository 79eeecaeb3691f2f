import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.world import vocabulary
from samwise.world.scene.splits import held_out_colour, held_out_motion
from samwise.world.story import FIRST, PARTS, SECOND, demo_story


@pytest.fixture(scope="module")
def story():
    return demo_story(size=(240, 320), fps=15.0)


def test_length_and_cues(story):
    assert story.frames.shape == (240, 240, 320, 3)
    assert story.masks.shape == (240, 240, 320)
    assert story.cues == ((0, "the red car"), (135, "the green ball"))


def test_the_first_target_comes_in_after_three_seconds(story):
    first = int(np.argmax(story.masks.any(axis=(1, 2))))
    assert 43 <= first <= 50
    assert story.masks[60:135].any(axis=(1, 2)).all()


def test_the_second_target_is_there_at_once_and_partly_hidden_for_a_moment(story):
    areas = story.masks[135:].sum(axis=(1, 2))
    full = np.median(areas)
    hidden = areas < 0.85 * full
    assert areas.min() > 0.2 * full
    assert 8 < hidden.sum() < 45
    assert not hidden[0] and not hidden[-1]


def test_targets_are_large_enough(story):
    for sentence, frame in ((FIRST, 100), (SECOND, 140)):
        rows, columns = np.nonzero(story.masks[frame])
        assert max(np.ptp(rows), np.ptp(columns)) * 2 >= 70, sentence


def test_the_camera_moves(story):
    corners = story.frames[:, :20, :20].reshape(240, -1).astype(int)
    assert np.abs(corners[0] - corners[60]).mean() > 1


def test_a_model_trained_on_this_world_knows_all_of_it():
    for sentence in (FIRST, SECOND):
        assert set(sentence.split()) <= set(vocabulary())
    for part in PARTS.values():
        assert held_out_colour(part.role.kind) != part.role.colour
        assert held_out_motion(part.role.kind) != part.role.motion


@pytest.mark.parametrize("wrong", [{"size": (480, 480)}, {"size": (48, 64)}, {"fps": 0.0}])
def test_what_cannot_be_staged_is_named(wrong):
    with pytest.raises(ConfigurationError, match=r"480 x 480|48 x 64|fps is 0.0"):
        demo_story(**wrong)
