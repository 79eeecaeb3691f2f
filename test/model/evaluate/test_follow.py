import numpy as np
import pytest

from samwise import Session
from samwise.errors import ConfigurationError
from samwise.evaluate.follow import clip_length_of, follow

SENTENCES = ["the red car", "the dog"]


@pytest.fixture
def frames():
    return np.random.default_rng(0).integers(0, 256, (7, 48, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize("clip_length", [None, 4])
def test_trails_are_what_a_session_says(segmenter, frames, clip_length):
    trails = follow(Session(segmenter, cme="every:3"), frames, SENTENCES, clip_length)
    session = Session(segmenter, cme="every:3")
    session.start(SENTENCES)
    if clip_length is None:
        results = [session.step(frame) for frame in frames]
    else:
        results = [*session.step_clip(list(frames[:4])), *session.step_clip(list(frames[4:]))]
    assert len(trails) == 2
    for number, trail in enumerate(trails):
        targets = [result.targets[number] for result in results]
        assert np.array_equal(trail.masks, [target.mask for target in targets])
        assert list(trail.candidates) == [3, 6]
        for t, candidate in trail.candidates.items():
            assert np.array_equal(candidate, targets[t].decision.candidate_mask)


def test_a_batch_of_sentences_equals_one_by_one(segmenter, frames):
    together = follow(Session(segmenter), frames, SENTENCES)
    for sentence, trail in zip(SENTENCES, together, strict=True):
        (alone,) = follow(Session(segmenter), frames, [sentence])
        assert np.mean(alone.masks != trail.masks) < 1e-3


def test_every_video_starts_anew(segmenter, frames):
    session = Session(segmenter)
    first, second = (follow(session, frames, SENTENCES) for _ in range(2))
    assert all(np.array_equal(a.masks, b.masks) for a, b in zip(first, second, strict=True))


def test_modes():
    assert clip_length_of("causal", 8) is None and clip_length_of("clip", 8) == 8
    with pytest.raises(ConfigurationError, match="mode is 'cause'; choose one of causal, clip"):
        clip_length_of("cause", 8)
