from dataclasses import replace

import numpy as np
import pytest
import torch

from samwise import ExpressionError, FrameError, Session
from samwise.errors import ConfigurationError
from samwise.model import Model


def video(frames: int, height: int = 48, width: int = 64, seed: int = 0):
    return np.random.default_rng(seed).integers(0, 256, (frames, height, width, 3), dtype=np.uint8)


def run(session: Session, frames):
    return [session.step(frame) for frame in frames]


def test_result_has_the_size_of_the_frame(segmenter):
    session = Session(segmenter)
    session.start("the red car")
    result = session.step(video(1, 30, 50)[0])
    target = result.targets[0]
    assert target.mask.shape == target.probability.shape == (30, 50)
    assert target.mask.dtype == bool and target.expression == "the red car" and result.frame_index == 0
    assert np.array_equal(target.mask, target.probability > 0.5)


def test_frames_are_numbered_and_decisions_start_at_five(segmenter):
    session = Session(segmenter, cme_threshold=1.0)
    session.start("the red car")
    results = run(session, video(8))
    assert [r.frame_index for r in results] == list(range(8))
    assert [r.targets[0].decision is not None for r in results] == [False] * 5 + [True] * 3


@pytest.mark.parametrize(
    ("cme", "frames"), [("never", []), ("always", [1, 2, 3, 4, 5, 6]), ("every:3", [3, 6])]
)
def test_who_decides_can_be_chosen(segmenter, cme, frames):
    session = Session(segmenter, cme=cme, cme_threshold=1.0)
    session.start("the red car")
    decisions = [r.targets[0].decision for r in run(session, video(7))]
    assert [t for t, decision in enumerate(decisions) if decision is not None and decision.switched] == frames
    assert [t for t, decision in enumerate(decisions) if decision is not None] == frames


def test_no_switch_to_a_candidate_that_the_frame_does_not_show(segmenter, answer_without_memory):
    low = torch.full((1, 1, 64, 64), -5.0)
    low[..., 48:, :] = 5.0
    answer_without_memory(low)
    switched = []
    for height in (48, 64):  # pixels above the canvas's margin: 48, and 60
        session = Session(segmenter, cme_threshold=-1.0)
        session.start("the red car")
        switched.append(run(session, video(6, height))[5].targets[0].decision.switched)
    assert switched == [False, True]


def test_the_gain_shows_from_the_frame_after_a_switch_on(segmenter):
    results = []
    for options in ({}, {"cme_gain": 10.0}, {"cme_gain": 0.1}):
        session = Session(segmenter, cme="every:3", **options)
        session.start("the red car")
        results.append([r.targets[0].probability for r in run(session, video(5))])
    default, published, soft = results
    assert all(np.array_equal(a, b) for a, b in zip(default, published, strict=True))
    assert [np.array_equal(a, b) for a, b in zip(default, soft, strict=True)] == [True] * 4 + [False]


@pytest.mark.parametrize("value", [-1.0, 0.0, float("nan"), float("inf")])
def test_a_gain_that_is_not_above_zero_is_named(segmenter, value):
    with pytest.raises(ConfigurationError, match=f"cme_gain is {value}"):
        Session(segmenter, cme_gain=value)


@pytest.mark.parametrize("value", [-0.1, 2.0, float("nan")])
def test_a_mask_threshold_that_is_no_probability_is_named(segmenter, value):
    with pytest.raises(ConfigurationError, match=f"mask_threshold is {value}"):
        Session(segmenter, mask_threshold=value)


def test_reset_starts_anew_bit_for_bit(segmenter):
    session, frames = Session(segmenter), video(10)
    session.start("the red car")
    first = run(session, frames)
    session.reset()
    second = run(session, frames)
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.targets[0].probability, b.targets[0].probability)


def test_memory_of_earlier_frames_matters(segmenter):
    session, frames = Session(segmenter), video(3)
    session.start("the red car")
    with_past = run(session, frames)[2].targets[0].probability
    session.reset()
    alone = session.step(frames[2]).targets[0].probability
    assert np.abs(with_past - alone).max() > 1e-4


def test_another_resolution_resets(segmenter):
    session = Session(segmenter)
    session.start("the red car")
    run(session, video(3))
    result = session.step(video(1, 64, 48)[0])
    assert result.frame_index == 0 and result.targets[0].mask.shape == (64, 48)


def started(model: Model, sentence: str = "the red car") -> Session:
    session = Session(model, cme="every:3")
    session.start(sentence)
    return session


def assert_same(results, others):
    for a, b in zip(results, others, strict=True):
        assert a.frame_index == b.frame_index and a.targets[0].expression == b.targets[0].expression
        assert np.array_equal(a.targets[0].probability, b.targets[0].probability)


def test_steps_over_a_recording_equal_single_steps(segmenter):
    frames = video(12)
    assert_same(started(segmenter).steps(frames), run(started(segmenter), frames))


def test_steps_encode_the_next_frame_meanwhile(segmenter):
    taken = []
    results = started(segmenter).steps(taken.append(t) or frame for t, frame in enumerate(video(4)))
    assert [(next(results).frame_index, len(taken)) for _ in range(4)] == [(0, 2), (1, 3), (2, 4), (3, 4)]


@pytest.mark.parametrize("change_after", [1, 5])
def test_the_sentence_may_change_between_steps(segmenter, change_after):
    frames, ahead, plain = video(6), started(segmenter), started(segmenter)
    together = []
    for result in ahead.steps(frames):
        together.append(result)
        if len(together) == change_after:
            ahead.set_expression("the dog")
    single = run(plain, frames[:change_after])
    plain.set_expression("the dog")
    assert_same(together, single + run(plain, frames[change_after:]))


def test_steps_start_anew_at_another_size(segmenter):
    frames = [*video(3), *video(2, 64, 48)]
    results = list(started(segmenter).steps(frames))
    assert [r.frame_index for r in results] == [0, 1, 2, 0, 1]
    assert_same(results, run(started(segmenter), frames))


@pytest.mark.parametrize("bad", [video(1)[0] / 255, None])
def test_steps_give_what_they_have_before_they_fail(segmenter, bad):
    def frames():
        yield from video(3)
        if bad is None:
            raise FrameError("unreadable")
        yield bad

    session, results = started(segmenter), []
    with pytest.raises(FrameError, match="float64|unreadable"):
        for result in session.steps(frames()):
            results.append(result)
    assert [r.frame_index for r in results] == [0, 1, 2]
    assert session.step(video(1)[0]).frame_index == 3


def check_one_by_one(model: Model, sentences: list[str]):
    """Follow the sentences together and each alone, compare, and return the results of together."""
    frames, together = video(7), Session(model)
    together.start(sentences)
    batch = run(together, frames)
    for i, sentence in enumerate(sentences):
        alone = Session(model)
        alone.start(sentence)
        for a, b in zip(batch, run(alone, frames), strict=True):
            np.testing.assert_allclose(a.targets[i].probability, b.targets[0].probability, atol=1e-4)
            assert a.targets[i].score == pytest.approx(b.targets[0].score, abs=1e-5)
    return batch


def test_several_sentences_equal_one_by_one(segmenter):
    check_one_by_one(segmenter, ["the red car", "the dog that runs"])


@pytest.mark.slow
def test_sentences_with_and_without_motion_prompt_equal_one_by_one(make_network, tokenizer):
    def verbs(sentence: str) -> list[tuple[int, int]]:
        start = sentence.find("runs")
        return [] if start < 0 else [(start, start + 4)]

    network = make_network(motion_prompt=True)
    model = Model(network, tokenizer, torch.device("cpu"), None, verbs)
    sentences = ["the red car", "the dog that runs", "the dog", "the car that runs"]
    prompted = check_one_by_one(model, sentences)[0]
    unprompted = check_one_by_one(replace(model, verbs=None), sentences)[0]
    for i, sentence in enumerate(sentences):
        moved = abs(prompted.targets[i].score - unprompted.targets[i].score)
        assert (moved > 1e-5) == ("runs" in sentence)


def test_the_sentence_matters(segmenter):
    frame, session = video(1)[0], Session(segmenter)
    session.start("the red car")
    first = session.step(frame).targets[0].probability
    session.set_expression("the dog that runs")
    second = session.step(frame)
    assert second.frame_index == 0
    assert np.abs(first - second.targets[0].probability).max() > 1e-5


def test_clip_mode_lets_a_frame_see_later_ones(segmenter):
    frames = video(4)
    changed = frames.copy()
    changed[3] = 255 - changed[3]
    firsts = []
    for clip in (frames, changed):
        session = Session(segmenter)
        session.start("the red car")
        firsts.append(session.step_clip(clip)[0].targets[0].probability)
    assert np.abs(firsts[0] - firsts[1]).max() > 1e-6


@pytest.mark.parametrize("bad", ["", "   \n", "car " * 40])
def test_bad_sentence_leaves_the_old_one(segmenter, bad):
    session = Session(segmenter)
    session.start("the red car")
    with pytest.raises(ExpressionError):
        session.start(bad)
    with pytest.raises(ExpressionError):
        session.start([])
    assert session.expressions == ("the red car",)
    assert session.step(video(1)[0]).targets[0].expression == "the red car"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (np.zeros((48, 64, 3), np.float32), "float32"),
        (np.zeros((48, 64), np.uint8), r"\(48, 64\)"),
        (np.zeros((3, 48, 64), np.uint8), r"\(3, 48, 64\)"),
        (np.zeros((0, 64, 3), np.uint8), "64x0"),
        ([[0]], "list"),
    ],
)
def test_bad_frame_is_named_and_costs_nothing(segmenter, frame, message):
    session, frames = Session(segmenter), video(2)
    session.start("the red car")
    expected = run(session, frames)[1].targets[0].probability
    session.reset()
    session.step(frames[0])
    with pytest.raises(FrameError, match=message):
        session.step(frame)
    assert np.array_equal(session.step(frames[1]).targets[0].probability, expected)


def test_no_sentence_yet(segmenter):
    with pytest.raises(ExpressionError, match="start"):
        Session(segmenter).step(video(1)[0])


def test_a_lone_last_frame_keeps_its_memory_unless_official(segmenter):
    frames, masks = video(5), {}
    for official in (False, True):
        session = Session(segmenter, official=official)
        session.start("the red car")
        session.step_clip(frames[:4])
        masks[official] = session.step_clip(frames[4:])[0]
    assert masks[False].frame_index == 4 and masks[True].frame_index == 0
    assert np.abs(masks[False].targets[0].probability - masks[True].targets[0].probability).max() > 1e-4


def test_a_clip_of_another_resolution_starts_anew(segmenter):
    session = Session(segmenter)
    session.start("the red car")
    session.step_clip(video(3))
    results = session.step_clip(video(2, 64, 48))
    assert [r.frame_index for r in results] == [0, 1] and results[1].targets[0].mask.shape == (64, 48)


@pytest.mark.parametrize("frames", [[], [*video(1), *video(1, 64, 48)]], ids=["none", "two sizes"])
def test_a_bad_clip_is_an_error_and_costs_nothing(segmenter, frames):
    session = Session(segmenter)
    session.start("the red car")
    session.step_clip(video(3))
    with pytest.raises(FrameError, match="sizes"):
        session.step_clip(frames)
    assert session.step_clip(video(2))[0].frame_index == 3


def test_timings_name_the_same_parts_in_both_modes(segmenter):
    session = Session(segmenter)
    session.start("the red car")
    streamed = run(session, video(1))[0].timings
    session.reset()
    clip = [result.timings for result in session.step_clip(video(3))]
    assert [set(t) for t in clip] == [set(streamed)] * 3
    # What is done once for the clip is shared by its frames.
    assert clip[0]["encode"] == clip[2]["encode"] > 0
