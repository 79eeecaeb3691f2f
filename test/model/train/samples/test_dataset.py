from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from samwise.errors import ConfigurationError
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.stage_data import StageData
from samwise.train.samples.dataset import ReferringClips, batches, make_sample
from samwise.video.preprocess import Canvas

DATA = StageData(clip_length=3, fps=(5.0, 15.0), videos=2, sentences=2)


def clips(world, data=DATA, key=(0, 0), first=0, count=6, replicas=Replicas()):  # noqa: B008 - immutable
    return ReferringClips(world, data, False, key, first, count, [(48, 64)], 64, replicas)


def same(a, b) -> bool:
    return (
        torch.equal(a.frames, b.frames) and torch.equal(a.masks, b.masks) and a.expressions == b.expressions
    )


def test_samples_have_the_shapes_of_the_stage(world):
    sample = clips(world)[0]
    assert sample.frames.shape == (3, 3, 64, 64) and sample.frames.dtype == torch.float32
    assert sample.masks.shape == (2, 3, 64, 64) and sample.masks.dtype == torch.bool
    assert set(sample.expressions) == {"the red car", "the dog"}


def test_masks_lie_on_the_frames_of_the_canvas(world):
    video = world(seed=0, split="train", num_frames=2, size=(96, 128))
    sample = make_sample(video, [1], [0], 64)
    mask, canvas = sample.masks[0, 0], sample.frames[0]
    # Resizing blurs a pixel at the edges of the square; its inside is as red as before.
    inside = -F.max_pool2d(-mask[None].float(), 3, 1, 1)[0] > 0
    assert inside.any() and (canvas[0, inside] > 1.5).all() and (canvas[1, inside] < -1).all()
    assert not sample.masks[0, 0, 48:].any()
    assert torch.equal(sample.frames[0], Canvas.of(video.frames[1], 64).prepare(video.frames[1]))


def test_semantics_lie_on_the_masks(world):
    video = world(seed=0, split="train", num_frames=2, size=(96, 128))
    sample = make_sample(video, [0, 1], [0, 1], 64, semantics=True)
    for frame in range(2):
        red, dark = sample.masks[0, frame], sample.masks[1, frame]
        kind, colour, motion = sample.semantics[frame]
        assert torch.equal(kind == 1, red) and torch.equal(kind == 2, dark)
        assert torch.equal(motion == 3, red) and torch.equal(motion == 1, dark)
        assert torch.equal(colour == 3, red) and torch.equal(colour == 4, dark)


def test_ways_are_in_pixels_of_the_canvas(world):
    video = world(seed=0, split="train", num_frames=2, size=(96, 128))
    sample = make_sample(video, [0, 1], [0, 1], 64, semantics=True)
    assert sample.shifts.shape == (2, 2, 64, 64)
    height = Canvas(96, 128, 64).shown[0]
    for frame in range(2):
        red, dark = sample.masks[0, frame], sample.masks[1, frame]
        right, down = sample.shifts[frame]
        assert torch.equal(right, 0.25 * height * red) and torch.equal(down, -0.5 * height * dark)


def test_videos_are_of_all_splits_of_the_stage(world):
    asked = []

    def watched(seed, split, **film):
        asked.append(split)
        return world(seed=seed, split=split, **film)

    series = clips(watched, replace(DATA, splits=("train", "parade")), count=20)
    for index in range(20):
        series[index]
    assert 4 <= asked.count("train") <= 16 and asked.count("train") + asked.count("parade") == 20


def test_semantics_that_nobody_knows_are_an_error(world):
    video = replace(world(seed=0, split="train", num_frames=2, size=(96, 128)), objects=None)
    with pytest.raises(ConfigurationError, match="only the synthetic world knows"):
        make_sample(video, [0], [0], 64, semantics=True)


def test_a_sample_depends_on_its_number_alone(world):
    whole, rest = clips(world), clips(world, first=4, count=2)
    assert same(whole[4], rest[0]) and same(whole[5], rest[1])
    assert same(whole[2], clips(world)[2]) and not same(whole[2], whole[3])


def test_stages_and_seeds_give_other_samples(world):
    assert not same(clips(world)[0], clips(world, key=(0, 1))[0])
    assert not same(clips(world)[0], clips(world, key=(1, 0))[0])


def test_lower_frame_rates_move_things_further(world):
    steps = set()
    for sample in (clips(world, count=30)[i] for i in range(30)):
        row = sample.expressions.index("the red car")
        left = [int(np.flatnonzero(mask.any(0).numpy())[0]) for mask in sample.masks[row]]
        steps |= set(np.diff(left).tolist())
    assert steps == {1, 2, 3}


def test_every_size_is_drawn(world):
    data = ReferringClips(world, DATA, False, (0, 0), 0, 20, [(48, 64), (64, 48)], 64)
    # Padding is 0, which no pixel of the world is after normalisation.
    wide = {bool((data[i].frames[0, :, 60:] == 0).all()) for i in range(20)}
    assert wide == {True, False}


def test_more_sentences_than_there_are_repeat_evenly(world):
    pictures = StageData(clip_length=1, video_length=1, sentences=5)
    expressions = clips(world, pictures)[0].expressions
    assert len(expressions) == 5 and {expressions.count(e) for e in set(expressions)} == {2, 3}


@pytest.mark.parametrize("workers", [0, 1])
def test_batches_come_in_order(world, tokenizer, workers):
    data = clips(world)
    found = list(batches(data, tokenizer, 2, workers))
    assert len(found) == 3 and found[0].frames.shape == (2, 3, 3, 64, 64)
    assert torch.equal(found[1].frames[0], data[2].frames) and torch.equal(found[2].masks[2:], data[5].masks)


def test_replicas_share_the_samples_without_overlap(world):
    alone = clips(world)
    shares = [clips(world, replicas=Replicas(rank, 2)) for rank in range(2)]
    assert len(alone) == 2 * len(shares[0])
    for index in range(len(alone)):
        assert same(alone[index], shares[index % 2][index // 2])


def test_videos_are_used_as_often_as_asked(world, monkeypatch):
    monkeypatch.setattr("samwise.train.samples.dataset.POOL", 18)
    made = []

    def counting(**arguments):
        made.append(arguments["seed"])
        return world(**arguments)

    twice = replace(DATA, video_length=6, clip_length=1, uses=2)
    series = clips(counting, twice, count=12)
    samples = [series[i] for i in range(12)]
    assert len(made) == len(set(made)) == 6
    # Videos 0 1 2 0 1 2 3 4 5 3 4 5, each time with other frames or sentences.
    alone = [clips(world, twice, first=i, count=1)[0] for i in range(12)]
    assert all(same(a, b) for a, b in zip(samples, alone, strict=True))
    assert any(not same(samples[i], samples[i + 3]) for i in (0, 1, 2, 6, 7, 8))
