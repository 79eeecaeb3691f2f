"""Sentences that come and go in mid-stream, each followed as if it were the only one."""

import numpy as np
import pytest

from samwise import ExpressionError, FrameError, Session, load
from samwise.world.generate import generate

SENTENCES = ("the red car", "the dog that runs", "the dog")
FRAMES = 40
#: The tiny network's memory, and the miniature's, is full after 15 frames: the third sentence joins at 25.
ADDED, JOINED, REMOVED = 10, 25, 20
ROUNDING = 1e-4


def video(frames: int = FRAMES, height: int = 48, width: int = 64):
    return np.random.default_rng(0).integers(0, 256, (frames, height, width, 3), dtype=np.uint8)


def alone(model, sentence: str, frames, **options):
    """What a session of its own says about a sentence."""
    session = Session(model, **options)
    session.start(sentence)
    return [session.step(frame).targets[0] for frame in frames]


def check_same(ours, theirs, exact: bool = False):
    """Batches of different sizes round differently; `exact` allows for no difference at all."""
    tolerance = 0.0 if exact else ROUNDING
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.probability, other.probability, rtol=0, atol=tolerance)
        assert abs(mine.score - other.score) <= tolerance and mine.present == other.present
        assert (mine.decision is None) == (other.decision is None)
        if mine.decision is not None:
            assert abs(mine.decision.probability - other.decision.probability) <= tolerance
            assert mine.decision.switched == other.decision.switched


def by_id(results):
    """The targets of each id, in order."""
    found = {}
    for result in results:
        for target in result.targets:
            found.setdefault(target.id, []).append(target)
    return found


def check_three(model, sentences, frames, removed: int, batched: bool, **options):
    """Two from the start, one of them up to `removed`, and a third one in between."""
    session = Session(model, batched=batched, **options)
    kept, dropped = session.start(sentences[:2])
    results = []
    for number, frame in enumerate(frames):
        if number == ADDED:
            added = session.add(sentences[2])
        if number == removed:
            session.remove(dropped)
        results.append(session.step(frame))
    targets = by_id(results)
    lives = {kept: frames, dropped: frames[:removed], added: frames[ADDED:]}
    for (id_, seen), sentence in zip(lives.items(), sentences, strict=True):
        check_same(targets[id_], alone(model, sentence, seen, **options), exact=not batched)


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("removed", [REMOVED, JOINED + 5])
def test_each_of_three_equals_its_solo_run(segmenter, removed, batched):
    check_three(segmenter, SENTENCES, video(), removed, batched, cme="every:3")


@pytest.mark.slow
@pytest.mark.parametrize("batched", [False, True])
def test_each_of_three_equals_its_solo_run_in_the_miniature(batched):
    frames = [np.asarray(frame) for frame in generate(3, "occlusion", num_frames=FRAMES).frames]
    check_three(load(), ("the red car", "the blue ball that moves left", "the dog"), frames, REMOVED, batched)


def test_a_newcomer_changes_no_bit_of_what_the_others_remember(segmenter):
    sessions = [Session(segmenter), Session(segmenter)]
    for session in sessions:
        session.start(SENTENCES[:2])
    for number, frame in enumerate(video(JOINED)):
        if number == ADDED:
            sessions[1].add(SENTENCES[2])
        two, three = (session.step(frame).targets for session in sessions)
        check_same(two, three[:2], exact=True)


@pytest.mark.parametrize("phase", range(4))
def test_joined_with_any_phase_of_the_time_codes(segmenter, phase):
    # The tiny network attends over 4 frames.
    frames, session = video(24 + phase), Session(segmenter)
    first = session.start(SENTENCES[0])[0]
    results = [session.step(frame) for frame in frames[:phase]]
    second = session.add(SENTENCES[1])
    results += [session.step(frame) for frame in frames[phase:]]
    targets = by_id(results)
    check_same(targets[first], alone(segmenter, SENTENCES[0], frames))
    check_same(targets[second], alone(segmenter, SENTENCES[1], frames[phase:]))


def test_what_is_old_enough_is_one_batch(segmenter, monkeypatch):
    batches, segment = [], segmenter.network.segment

    def counted(frame, bank):
        batches[-1].append(len(frame.rho))
        return segment(frame, bank)

    monkeypatch.setattr(segmenter.network, "segment", counted)
    session = Session(segmenter)
    session.start(SENTENCES[:2])
    for number, frame in enumerate(video(30)):
        if number == ADDED:
            session.add(SENTENCES[2])
        batches.append([])
        session.step(frame)
    assert batches == [[2]] * ADDED + [[2, 1]] * (JOINED - ADDED) + [[3]] * 5


@pytest.mark.parametrize("number", [1, 9, 15, 16, 25])
def test_looking_ahead_gives_the_same(segmenter, number):
    def results(ahead: bool):
        session, frames = Session(segmenter), video()
        ids = [*session.start(SENTENCES[:2])]
        stream = session.steps(frames) if ahead else map(session.step, frames)
        for count, result in enumerate(stream, start=1):
            yield result
            if count == number:
                ids.append(session.add(SENTENCES[2]))
            if count == number + 2:
                session.remove(ids[0])
            if count == number + 4:
                session.remove(ids[2])

    ours, theirs = by_id(results(True)), by_id(results(False))
    assert {id_: len(targets) for id_, targets in ours.items()} == {0: number + 2, 1: FRAMES, 2: 4}
    for id_, targets in ours.items():
        check_same(targets, theirs[id_])


def test_clips_of_sentences_that_come_and_go(segmenter):
    frames, session, results = video(), Session(segmenter), []
    first, second = session.start(SENTENCES[:2])
    for start in range(0, FRAMES, 4):
        if start == 8:
            third = session.add(SENTENCES[2])
        if start == 32:
            session.remove(first)
        results += session.step_clip(frames[start : start + 4])
    targets = by_id(results)
    for id_, sentence, start, end in ((first, 0, 0, 32), (second, 1, 0, 40), (third, 2, 8, 40)):
        solo, expected = Session(segmenter), []
        solo.start(SENTENCES[sentence])
        for begin in range(start, end, 4):
            expected += [r.targets[0] for r in solo.step_clip(frames[begin : begin + 4])]
        check_same(targets[id_], expected)


@pytest.mark.parametrize("forget", ["reset", "size"])
def test_what_is_forgotten_begins_anew_together(segmenter, forget):
    session, frames = Session(segmenter), video(8)
    session.start(SENTENCES[0])
    session.step(frames[0])
    session.add(SENTENCES[1])
    session.step(frames[1])
    if forget == "reset":
        session.reset()
    else:
        frames = frames[:, ::2]
    results = [session.step(frame) for frame in frames]
    assert [result.frame_index for result in results] == list(range(8))
    for id_, targets in by_id(results).items():
        check_same(targets, alone(segmenter, SENTENCES[id_], frames))


def test_ids_are_given_once(segmenter):
    session = Session(segmenter)
    first, second = session.start(SENTENCES[:2])
    session.remove(second)
    third = session.add(SENTENCES[1])
    assert session.sentences == {first: SENTENCES[0], third: SENTENCES[1]}
    assert session.expressions == SENTENCES[:2]
    (fourth,) = session.start(SENTENCES[0])
    assert len({first, second, third, fourth}) == 4
    assert [target.id for target in session.step(video(1)[0]).targets] == [fourth]


def test_who_is_not_followed_cannot_be_removed(segmenter):
    session = Session(segmenter)
    with pytest.raises(ExpressionError, match="no sentence with the id 0 is followed; the ids are: none"):
        session.remove(0)
    session.start(SENTENCES[:2])
    session.remove(1)
    with pytest.raises(ExpressionError, match="id 1 is followed; the ids are: 0"):
        session.remove(1)


def test_a_sentence_that_is_refused_changes_nothing(segmenter):
    session, frames = Session(segmenter), video(3)
    session.start(SENTENCES[0])
    before = [session.step(frames[0])]
    with pytest.raises(ExpressionError):
        session.add(" ")
    before += [session.step(frame) for frame in frames[1:]]
    check_same(by_id(before)[0], alone(segmenter, SENTENCES[0], frames))


def test_without_a_sentence_there_is_nothing_to_do(segmenter):
    session, frame = Session(segmenter), video(1)[0]
    session.start(SENTENCES[0])
    session.remove(0)
    with pytest.raises(ExpressionError, match=r"call start\(\) or add\(\) first"):
        session.step(frame)
    session.reset()
    id_ = session.add(SENTENCES[1])
    assert [target.id for target in session.step(frame).targets] == [id_]


def test_frames_and_clips_do_not_mix(segmenter):
    session, frames = Session(segmenter), video(8)
    session.start(SENTENCES[0])
    session.step(frames[0])
    with pytest.raises(FrameError, match=r"given to step, .* step_clip; .* call reset\(\) first"):
        session.step_clip(frames[:4])
    assert session.step(frames[1]).frame_index == 1
    session.reset()
    session.step_clip(frames[:4])
    with pytest.raises(FrameError, match="given to step_clip"):
        session.step(frames[4])
    # Another size starts over anyway.
    assert session.step(frames[4][::2]).frame_index == 0
