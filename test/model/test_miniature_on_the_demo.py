"""What the shipped weights promise for `make demo`, without ROS and without frames lost on the way."""

import numpy as np
import pytest

from samwise import Session, load
from samwise.video.metrics import region_similarity
from samwise.world.story import demo_story

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def story():
    return demo_story()


@pytest.fixture(scope="module")
def targets(story):
    session = Session(load())
    sentences = dict(story.cues)
    answers = []
    for number, frame in enumerate(story.frames):
        if number in sentences:
            session.start(sentences[number])
        answers.append(session.step(frame).targets[0])
    return answers


def test_both_sentences_are_followed(story, targets):
    overlaps = [region_similarity(t.mask, truth) for t, truth in zip(targets, story.masks, strict=True)]
    change = story.cues[1][0]
    assert np.mean(overlaps[:change]) > 0.75 and np.mean(overlaps[change:]) > 0.75


def test_the_late_car_is_switched_to_as_it_comes_in(story, targets):
    enters = int(np.argmax(story.masks.any(axis=(1, 2))))
    switches = [n for n, t in enumerate(targets) if t.decision is not None and t.decision.switched]
    assert switches and enters <= switches[0] < enters + story.fps
    decision = targets[switches[0]].decision
    truth = story.masks[switches[0]]
    assert region_similarity(decision.tracked_mask, truth) < 0.1
    assert region_similarity(decision.candidate_mask, truth) > 0.5
    assert len(switches) <= 3, f"it cannot make up its mind: switches at frames {switches}"
