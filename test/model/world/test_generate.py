import hashlib

import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.video.labelled import Referral
from samwise.world import SPLITS, generate
from samwise.world.generate import film
from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.motion import CLAIMS
from samwise.world.scene.splits import SEEDS_PER_SPLIT
from samwise.world.words.query import FAMILIES

LOOKS = ("kind", "colour", "colour + kind", "size")
FROZEN = "f32ebf2f34c6776cff61b04ed8cdde747d0f1a3d5f8c3866"
"""Weights that ship were trained on these very bytes: a change here calls for training anew."""


def digest(split, seeds, frames):
    sha = hashlib.sha256()
    for seed in seeds:
        video = generate(seed, split, frames)
        sha.update(video.frames.tobytes())
        for referral in video.referrals:
            sha.update(referral.expression.encode())
            sha.update(referral.masks.tobytes())
    return sha.hexdigest()[:16]


@pytest.mark.parametrize("split", SPLITS)
def test_shapes_and_types(split):
    video = generate(seed=5, split=split, num_frames=6, size=(96, 128), fps=10.0)
    assert video.frames.shape == (6, 96, 128, 3)
    assert video.frames.dtype == np.uint8
    assert (video.fps, video.name) == (10.0, f"{split}_000005")
    assert video.referrals
    for referral in video.referrals:
        assert isinstance(referral, Referral)
        assert referral.masks.shape == (6, 96, 128)
        assert referral.masks.dtype == bool


def test_the_same_seed_gives_the_same_bytes():
    assert digest("train", range(3), 8) == digest("train", range(3), 8)


def test_training_data_is_frozen():
    found = digest("train", range(8), 8) + digest("train", range(8), 1) + digest("crowd", range(4), 1)
    assert found == FROZEN


def test_semantics_name_what_the_sentences_name():
    checked = 0
    for seed in range(20):
        video = generate(seed, "train", 2, (96, 128))
        semantics = np.stack([video.objects.semantics(t) for t in range(2)])
        assert semantics.shape == (2, 3, 96, 128)
        for referral in (r for r in video.referrals if r.family in LOOKS and r.masks.any()):
            words = set(referral.expression.split())
            kinds, colours = ({int(x) for x in semantics[:, i][referral.masks]} for i in range(2))
            assert len(kinds) == len(colours) == 1 and 0 not in kinds | colours
            named = words & set(KINDS)
            assert not named or named == {list(KINDS)[kinds.pop() - 1]}
            named = words & set(COLOURS)
            assert not named or named == {list(COLOURS)[colours.pop() - 1]}
            checked += bool(named)
    assert checked > 5


def test_semantics_name_the_motion():
    video = generate(0, "motion", 12)
    told = {r.targets[0]: r for r in video.referrals if r.family == "motion"}
    semantics = np.stack([video.objects.semantics(t) for t in range(12)])
    take = film(0, "motion", 12, (192, 256), 15.0)
    assert told
    for number, referral in told.items():
        (claim,) = {int(x) for x in semantics[:, 2][referral.masks]}
        assert CLAIMS[claim - 1] == take.stage.actors[number - 1].path.motion


@pytest.mark.slow
def test_ways_are_what_the_masks_have_come():
    """A thing that shows whole moves with its mask, but for the camera, which moves with everything."""
    checked = 0
    for seed in range(12):
        take, video = film(seed, "motion", 8, (192, 256), 8.0), generate(seed, "motion", 8, (192, 256), 8.0)
        facts, owners = take.facts, take.footage.owners
        shifts = np.stack([video.objects.shifts(t) for t in range(8)])
        assert not shifts[0].any()
        assert not np.moveaxis(shifts, 1, -1)[owners == 0].any()
        whole = [i for i in range(facts.count) if (facts.share[i] == 1).all()]
        still = [i for i in whole if take.stage.actors[i].path.motion == "still"]
        moving = [i for i in whole if take.stage.actors[i].path.direction]
        for one, other in ((a, b) for a in moving for b in still):
            own, camera = (centre(owners[7] == 1 + i) - centre(owners[4] == 1 + i) for i in (one, other))
            row, column = np.argwhere(owners[7] == 1 + one)[0]
            found = shifts[7, :, row, column] * 192
            assert np.abs(found - (own - camera)).max() < 4
            checked += np.abs(found).max() > 12
    assert checked > 2


def centre(mask):
    """Middle (x, y) of the mask's bounding box."""
    y, x = np.nonzero(mask)
    return np.array([(x.min() + x.max()) / 2, (y.min() + y.max()) / 2])


@pytest.mark.slow
def test_other_seeds_and_splits_give_other_videos():
    pictures = [generate(seed, split, 4, (64, 80)).frames.tobytes() for split in SPLITS for seed in range(6)]
    assert len(set(pictures)) == len(pictures)


def test_absent_means_empty_and_present_means_seen():
    families = set()
    for seed in range(40):
        for referral in generate(seed, "train", 6, (96, 128)).referrals:
            families.add(referral.family)
            assert (referral.family == "absent") == (not referral.masks.any()) == (not referral.targets)
    assert families == set(FAMILIES)


def test_masks_of_different_objects_never_overlap():
    for seed in range(20):
        masks = {r.targets: r.masks for r in generate(seed, "train", 4, (96, 128)).referrals if r.targets}
        assert sum(m.astype(int) for m in masks.values()).max() <= 1


def test_a_picture_says_nothing_about_motion():
    for seed in range(30):
        for referral in generate(seed, "train", 1, (96, 128)).referrals:
            assert referral.family in (*LOOKS, "place", "relation", "absent")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"seed": -1}, "-1"),
        ({"seed": SEEDS_PER_SPLIT}, str(SEEDS_PER_SPLIT)),
        ({"split": "test"}, "'test'"),
        ({"num_frames": 0}, "num_frames is 0"),
        ({"size": (20, 256)}, "20 x 256"),
        ({"fps": 0.0}, "fps is 0.0"),
        ({"split": "motion", "num_frames": 1}, "'motion' needs 4"),
    ],
)
def test_what_is_out_of_range_is_named(wrong, named):
    with pytest.raises(ConfigurationError, match=named):
        generate(**({"seed": 0} | wrong))
