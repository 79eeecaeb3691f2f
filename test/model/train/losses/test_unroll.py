from dataclasses import replace

import pytest
import torch

from samwise.state.decisions import DecisionPolicy
from samwise.tracker import new_track, track_frame
from samwise.train.losses.unroll import Exchange, decision_losses, mask_losses, next_sentence, unroll
from samwise.train.recipe.loss_weights import LossWeights

WEIGHTS = LossWeights(focal=20.0, dice=1.0, object_score=1.0, memoryless=0.5)


def encoded(model, batch, causal=True):
    return model.encode_clip(batch.frames, model.encode_text(batch.ids, batch.padding), causal)


def test_unrolling_is_inference(learner, batch):
    """The same masks as the tracker's, which streaming sessions use."""
    learner.eval()
    with torch.no_grad():
        clip = encoded(learner, batch)
        ours = unroll(learner, clip, True, range(0)).tracked
        track = new_track(learner, 2, DecisionPolicy.parse("never"))
        for t in range(7):
            theirs = track_frame(learner, clip.frame(t), track)
            assert torch.equal(ours[t].high_res, theirs.prediction.high_res)


def test_without_memory_frames_are_on_their_own(learner, batch):
    learner.eval()
    with torch.no_grad():
        clip = encoded(learner, batch)
        alone = unroll(learner, clip, False, range(7))
        both = unroll(learner, clip, True, range(2, 4))
    assert all(c is None for c in alone.candidates)
    assert [c is not None for c in both.candidates] == [False, False, True, True, False, False, False]
    assert torch.allclose(both.candidates[3].high_res, alone.tracked[3].high_res, atol=1e-5)


def test_memories_are_exchanged_on_the_way(learner, batch):
    """From the exchange on, the first sentence is segmented with what the second has left behind."""
    learner.eval()
    with torch.no_grad():
        clip = encoded(learner, batch)
        straight = unroll(learner, clip, True, range(0)).tracked
        mixed = unroll(learner, clip, True, range(0), Exchange(3, torch.tensor([1, 0]))).tracked
        bank = learner.memory.new_bank()
        for t in range(3):
            bank.append(learner.remember(clip.frame(t), straight[t].high_res, straight[t].object_pointer))
        bank.select(torch.tensor([1, 0]))
        expected = learner.segment(clip.frame(3), bank)
    assert torch.equal(mixed[2].high_res, straight[2].high_res)
    assert torch.equal(mixed[3].high_res, expected.high_res)
    assert not torch.equal(mixed[3].high_res, straight[3].high_res)


def test_the_next_sentence_is_about_the_same_video():
    assert next_sentence(6, 2).tolist() == [2, 0, 1, 5, 3, 4]


@pytest.mark.parametrize("causal", [False, True])
def test_gradients_reach_memory_and_text(learner, batch, causal):
    learner.train()
    found = mask_losses(learner, batch, WEIGHTS, causal=causal, phase=2 if causal else 0, memory=True)
    assert set(found) == {"focal", "dice", "object_score", "memoryless"}
    torch.stack(list(found.values())).sum().backward()
    for part in (learner.memory.encoder, learner.memory.attention, learner.prompts.project_text):
        assert any(p.grad is not None and p.grad.abs().max() > 0 for p in part.parameters())
    assert learner.fusion.text_encoder.roberta.embeddings.word_embeddings.weight.grad.abs().max() > 0
    assert all(p.grad is None for p in learner.cme.parameters())


def test_following_hangs_on_the_mask_that_was_pointed_out(learner, batch):
    """Later frames know of it through the memory only: not from the sentence, nor the model's own mask."""
    learner.eval()
    with torch.no_grad():
        clip = encoded(learner, batch)
        shown = batch.masks[:, :1]
        ours = unroll(learner, clip, True, range(0), pointed_out=shown).tracked
        other = unroll(learner, clip, True, range(0), pointed_out=~shown).tracked
        bank = learner.memory.new_bank()
        logits = torch.where(shown, 10.0, -10.0)
        bank.append(learner.remember(clip.frame(0), logits, ours[0].object_pointer))
        expected = learner.segment(clip.frame(1).unprompted(), bank)
    assert torch.equal(ours[0].high_res, other[0].high_res)
    assert not torch.equal(ours[1].high_res, other[1].high_res)
    assert torch.equal(ours[1].high_res, expected.high_res)


def test_what_was_not_pointed_out_is_not_to_be_found(learner, batch):
    weights = LossWeights(focal=0, dice=1)
    come_late = replace(batch, masks=batch.masks.clone())
    come_late.masks[:, 0] = False
    never_there = replace(batch, masks=torch.zeros_like(batch.masks))
    learner.train()
    late, never, seen = (
        mask_losses(learner, b, weights, causal=True, phase=0, memory=True, follow=True)["dice"]
        for b in (come_late, never_there, batch)
    )
    assert torch.equal(late, never) and not torch.equal(late, seen)


def test_losses_of_weight_zero_are_left_out(learner, batch):
    learner.train()
    found = mask_losses(learner, batch, LossWeights(), causal=False, phase=0, memory=False)
    assert set(found) == {"focal", "dice"}


def test_jaccard_in_place_of_dice(learner, batch):
    learner.train()
    weights = LossWeights(focal=0, dice=0, jaccard=2.0)
    twice, once = (
        mask_losses(learner, batch, w, causal=False, phase=0, memory=False)
        for w in (weights, replace(weights, jaccard=1.0))
    )
    assert set(once) == {"jaccard"} and torch.allclose(twice["jaccard"], 2 * once["jaccard"])


def test_only_the_cme_learns_from_decisions(learner, batch):
    learner.eval()
    # Fresh networks see their object almost everywhere or nowhere; make sure that it is there.
    with torch.no_grad():
        learner.mask_decoder.decoder.pred_obj_score_head.layers[-1].bias.fill_(5.0)
        learner.mask_decoder.no_object_pointer.fill_(0.5)
    found, labels = decision_losses(learner, batch, 2.0, causal=True, phase=0, first=5)
    assert labels.shape == (2 * 2,)
    found["decision"].backward()
    touched = {name.split(".")[0] for name, p in learner.named_parameters() if p.grad is not None}
    assert touched == {"cme"}
