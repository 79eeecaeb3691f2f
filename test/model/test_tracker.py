from dataclasses import replace

import pytest
import torch

from samwise.network.conditional_memory_encoder import rewrite
from samwise.state.decisions import DecisionPolicy
from samwise.tracker import new_track, track_frame


def clip_features(network, frames: int = 8):
    generator = torch.Generator().manual_seed(3)
    ids = torch.tensor([[0, 5, 6, 4, 2]])
    text = network.encode_text(ids, ids == 1)
    return network.encode_clip(torch.randn(1, frames, 3, 64, 64, generator=generator), text, causal=True)


@torch.inference_mode()
def test_threshold_decides_about_the_switch(network):
    clip = clip_features(network, 6)
    for threshold, expected in ((1.0, False), (-1.0, True)):
        track = new_track(network, 1, DecisionPolicy())
        frames = [track_frame(network, clip.frame(t), track, threshold) for t in range(6)]
        assert [f.decided[0] for f in frames] == [False] * 5 + [True]
        assert frames[5].switched.tolist() == [expected]
        assert track.due() == (not expected,)
        assert track.schedules[0].last_switch == (5 if expected else 0)


@torch.inference_mode()
@pytest.mark.parametrize("official", [False, True])
def test_a_switch_to_nothing_is_none(network, answer_without_memory, official):
    """The memory stays as it is; the published code rests after it all the same."""
    answer_without_memory(torch.full((1, 1, 64, 64), -1024.0))
    clip, track = clip_features(network, 6), new_track(network, 1, DecisionPolicy())
    frames = [track_frame(network, clip.frame(t), track, -1.0, official=official) for t in range(6)]
    assert frames[5].decided == (True,) and frames[5].switched.tolist() == [official]
    assert track.due() == (not official,)


@torch.inference_mode()
@pytest.mark.parametrize(("picture", "switched"), [(None, True), ((48, 64), False), ((49, 64), True)])
def test_a_candidate_beyond_the_picture_is_none(network, answer_without_memory, picture, switched):
    """A canvas is square; of what lies in its margin nobody would see the mask."""
    low = torch.full((1, 1, 64, 64), -5.0)
    low[..., 48:, :] = 5.0
    answer_without_memory(low)
    clip, track = clip_features(network, 6), new_track(network, 1, DecisionPolicy())
    frames = [track_frame(network, clip.frame(t), track, -1.0, picture=picture) for t in range(6)]
    assert frames[5].switched.tolist() == [switched]


@torch.inference_mode()
def test_a_switch_is_left_to_settle_by_the_sentence_that_switched(network, monkeypatch):
    logits = torch.tensor([[0.0, 5.0], [5.0, 0.0]])
    monkeypatch.setattr(network, "decide", lambda tracked, candidate: logits)
    generator = torch.Generator().manual_seed(3)
    ids = torch.tensor([[0, 5, 6, 4, 2], [0, 6, 5, 4, 2]])
    frames = torch.randn(1, 9, 3, 64, 64, generator=generator)
    clip = network.encode_clip(frames, network.encode_text(ids, ids == 1), causal=True)
    track = new_track(network, 2, DecisionPolicy())
    decided = [track_frame(network, clip.frame(t), track).decided for t in range(9)]
    assert [d[0] for d in decided] == [False] * 5 + [True, False, False, True]
    assert [d[1] for d in decided] == [False] * 5 + [True] * 4


@torch.inference_mode()
def test_a_switch_rewrites_what_is_remembered_and_not_what_is_shown(network):
    clip = clip_features(network, 6)
    runs, memories = [], []
    for threshold in (1.0, -1.0):
        track = new_track(network, 1, DecisionPolicy())
        runs.append([track_frame(network, clip.frame(t), track, threshold) for t in range(6)][5])
        memories.append(track.bank.features[-1])
    stayed, switched = runs
    assert torch.equal(stayed.prediction.low_res, switched.prediction.low_res)
    candidate = switched.candidate.high_res
    mask = rewrite(switched.prediction.high_res, candidate)
    expected = network.remember(clip.frame(5), mask, switched.prediction.object_pointer).features
    assert torch.equal(memories[1], expected)
    if (candidate > 0).any():
        assert not torch.equal(memories[0], memories[1])


@pytest.mark.parametrize(("advantage", "switches"), [(1e-3, True), (0.0, False), (-1e-3, False)])
@torch.inference_mode()
def test_half_is_the_published_argmax_which_stays_on_a_tie(network, monkeypatch, advantage, switches):
    monkeypatch.setattr(network, "decide", lambda tracked, candidate: torch.tensor([[2.0, 2.0 + advantage]]))
    clip, track = clip_features(network, 6), new_track(network, 1, DecisionPolicy())
    frames = [track_frame(network, clip.frame(t), track) for t in range(6)]
    assert frames[5].switched.tolist() == [switches]


@torch.inference_mode()
def test_the_gain_scales_what_a_switch_remembers_and_nothing_else(network, monkeypatch):
    written = []
    write = network.memory.write
    monkeypatch.setattr(network.memory, "write", lambda x, mask: written.append(mask) or write(x, mask))
    clip = clip_features(network, 6)
    runs = {}
    for gain in (None, 10.0, 2.0):
        track, options = new_track(network, 1, DecisionPolicy()), {} if gain is None else {"gain": gain}
        frames = [track_frame(network, clip.frame(t), track, -1.0, **options) for t in range(6)]
        runs[gain] = frames[5], written[-1]
    (frame, mask), (_, published), (_, other) = runs[2.0], runs[10.0], runs[None]
    assert torch.equal(published, other), "10 is the default"
    candidate, tracked = frame.candidate.high_res, frame.prediction.high_res
    assert (candidate > 0).any() and (candidate <= 0).any()
    assert torch.equal(mask, torch.where(candidate > 0, 2 * candidate, tracked))
    assert torch.equal(published, torch.where(candidate > 0, 10 * candidate, tracked))
    assert torch.equal(frame.prediction.low_res, runs[10.0][0].prediction.low_res)


@torch.inference_mode()
def test_an_absent_object_leaves_no_mask_and_the_learned_pointer(network):
    frame = clip_features(network, 1).frame(0)
    head = network.mask_decoder.decoder.pred_obj_score_head.layers[-1]
    old = head.bias.clone()
    try:
        head.bias.fill_(-1e4)
        prediction = network.segment_without_memory(frame)
    finally:
        head.bias.copy_(old)
    assert (prediction.low_res == -1024).all()
    assert torch.equal(prediction.object_pointer, network.mask_decoder.no_object_pointer)


@torch.inference_mode()
def test_motion_prompt_moves_the_mask(network):
    frame = clip_features(network, 1).frame(0)
    bank = network.memory.new_bank()
    moved = network.segment(replace(frame, motion=torch.ones(1, 1, 32), moving=(0,)), bank).low_res
    assert (moved - network.segment(frame, bank).low_res).abs().max() > 1e-4


@torch.inference_mode()
def test_always_switches_without_asking(network):
    clip, track = clip_features(network, 3), new_track(network, 1, DecisionPolicy.parse("always"))
    frames = [track_frame(network, clip.frame(t), track, threshold=1.0) for t in range(3)]
    assert [f.switched is not None and bool(f.switched[0]) for f in frames] == [False, True, True]
