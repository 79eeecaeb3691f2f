import re

import numpy as np
import pytest

from samwise.world import SPLITS
from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.casting import Agency, cast_for
from samwise.world.scene.splits import SEEDS_PER_SPLIT, held_out_colour, held_out_motion, rng_of
from samwise.world.words.grammar import COLOUR_WORDS, say
from samwise.world.words.query import ABSENT, Query, resolve
from samwise.world.words.referral import trainable

NOUNS = {noun: name for name, kind in KINDS.items() for noun in kind.nouns}
WORDS = {word: name for name in COLOURS for word in COLOUR_WORDS.get(name, (name,))}


def test_no_two_splits_share_a_stream():
    seeds = (*range(50), SEEDS_PER_SPLIT - 1)
    draws = [rng_of(split, seed).integers(1 << 62) for split in SPLITS for seed in seeds]
    assert len(set(draws)) == len(draws)


def test_only_unseen_casts_held_out_pairs():
    for split in SPLITS:
        held_out = 0
        for seed in range(300):
            for role in cast_for(split, Agency(np.random.default_rng(seed), True, split == "unseen")):
                held_out += role.colour == held_out_colour(role.kind)
                held_out += role.motion == held_out_motion(role.kind)
        assert (held_out > 100) if split == "unseen" else (held_out == 0)


@pytest.mark.slow
def test_training_sentences_never_name_held_out_pairs(takes):
    pattern = re.compile(rf"({'|'.join(WORDS)}) ({'|'.join(NOUNS)})\b")
    named = set()
    for take in takes("train", 80) + takes("train", 80, 1):
        for sentence in take.named:
            assert trainable(sentence.query)
            named |= {(WORDS[c], NOUNS[n]) for c, n in pattern.findall(sentence.sentence)}
    assert len(named) > 100
    assert not any(held_out_colour(kind) == colour for colour, kind in named)


def test_unseen_always_shows_something_new(takes):
    rng = np.random.default_rng(0)
    for take in takes("unseen", 25):
        for named in take.named:
            usual = {say(named.query, rng) for _ in range(200)}
            assert not trainable(named.query) or named.sentence not in usual


def test_only_motion_tells_the_targets_of_motion(takes):
    for take in takes("motion", 25):
        for named in take.named:
            assert named.query.claim
            assert resolve(Query(named.query.kind, named.query.colour), take.facts) is None


def test_a_parade_speaks_of_many_twins_that_only_motion_tells_apart(takes):
    told = [(take, named) for take in takes("parade", 12) for named in take.named if named.target != ABSENT]
    assert len(told) > 8 * 12
    moving = [(take, n) for take, n in told if n.query.claim]
    assert len(moving) > 0.8 * len(told)
    decided = [resolve(Query(n.query.kind, n.query.colour), take.facts) is None for take, n in moving]
    assert sum(decided) > 0.7 * len(decided)


def test_arrivals_speak_of_many_that_come_late_or_not_at_all(takes):
    told = [(take, named) for take in takes("arrivals", 12) for named in take.named]
    assert len(told) > 5 * 12 and sum(n.target == ABSENT for _, n in told) > 6
    found = [(take, n.target) for take, n in told if n.target != ABSENT]
    coming = sum(take.facts.share[target, 0] == 0 for take, target in found)
    assert coming > 0.3 * len(found)


def test_what_hides_something_hides_what_it_came_with():
    hidden = 0
    for seed in range(60):
        cast = cast_for("arrivals", Agency(np.random.default_rng(seed), True, False))
        for place, role in enumerate(cast):
            if role.hides is not None:
                assert role.hides == place - 1 and cast[role.hides].reach == role.reach > 0
                hidden += place > 1
    assert hidden > 5


def test_late_targets_come_or_act_after_others_were_there(takes):
    for take in takes("late", 25):
        for named in take.named:
            actor = take.stage.actors[named.target]
            assert actor.path.motion in ("entering", "starting")
            seen = take.facts.seen[:, 0]
            assert seen[named.target] == (actor.path.motion == "starting")
            assert seen[np.arange(take.facts.count) != named.target].any()


def test_occluded_targets_are_hidden_for_a_while(takes):
    for take in takes("occlusion", 25):
        for named in take.named:
            share = take.facts.share[named.target]
            assert share.max() > 0.9
            assert share.min() < 0.75


def test_absent_names_nothing_or_what_is_not_there_yet(takes):
    nothing = 0
    for take in takes("absent", 25):
        for named in take.named:
            nothing += named.target == ABSENT
            assert named.target == ABSENT or not (take.footage.owners[0] == named.target + 1).any()
    assert nothing > 25
