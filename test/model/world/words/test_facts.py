"""The sentences are checked against positions and pixels by other means than those that made them."""

import cv2
import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.motion import DIRECTIONS, MOTIONS, make, verdict
from samwise.world.words.query import ABSENT, Query, resolve


def fitting(take, query):
    """Actors of the query's kind and colour of which a pixel shows somewhere."""
    shown = [n for n in range(take.facts.count) if (take.footage.owners == n + 1).any()]
    roles = {n: take.stage.actors[n].role for n in shown}
    return [
        n
        for n, role in roles.items()
        if query.kind in (None, role.kind) and query.colour in (None, role.colour)
    ]


def everything(takes):
    return takes("train", 80) + takes("train", 80, 1)


@pytest.mark.slow
def test_kind_and_colour_name_one_object_or_none(takes):
    checked = 0
    for take in everything(takes):
        for named in take.named:
            if named.query == Query(named.query.kind, named.query.colour):
                assert fitting(take, named.query) == ([] if named.target == ABSENT else [named.target])
                checked += 1
    assert checked > 150


@pytest.mark.slow
def test_directions_name_the_only_one_that_goes_there(takes):
    checked = 0
    for take in takes("train", 80) + takes("motion", 25):
        for named in take.named:
            if named.query.claim in DIRECTIONS:
                step = np.array(DIRECTIONS[named.query.claim])
                went = {}
                for n in fitting(take, named.query):
                    actor = take.stage.actors[n]
                    way = np.array([actor.x[-1] - actor.x[0], actor.y[-1] - actor.y[0]])
                    went[n] = way @ step > 0.05 and way @ step > abs(way @ step[::-1])
                assert [n for n, there in went.items() if there] == (
                    [] if named.target == ABSENT else [named.target]
                )
                checked += 1
    assert checked > 30


@pytest.mark.slow
def test_places_name_the_only_one_that_is_there(takes):
    checked = 0
    for take in everything(takes):
        for named in take.named:
            if named.query.place in ("left", "right"):
                width = take.footage.owners.shape[2]
                sides = {}
                for n in fitting(take, named.query):
                    columns = np.nonzero(take.footage.owners == n + 1)[2]
                    sides[n] = "left" if columns.mean() < 0.5 * width else "right"
                there = [n for n, side in sides.items() if side == named.query.place]
                assert there == ([] if named.target == ABSENT else [named.target])
                checked += 1
    assert checked > 20


def test_the_big_one_covers_more_pixels(takes):
    checked = 0
    for take in takes("train", 80, 1):
        for named in take.named:
            if named.query.rank in ("big", "small") and named.target != ABSENT:
                areas = {n: take.footage.areas[n].max() for n in fitting(take, named.query)}
                best = max if named.query.rank == "big" else min
                assert best(areas, key=areas.get) == named.target
                assert len(areas) > 1
                checked += 1
    assert checked > 3


def test_the_colour_of_the_words_is_under_the_mask(takes):
    palette = np.array(list(COLOURS.values()), np.uint8)[None]
    anchors = cv2.cvtColor(palette, cv2.COLOR_RGB2LAB)[0].astype(int) * (1, 2, 2)
    right = total = 0
    for take in takes("train", 80, 1):
        lab = cv2.cvtColor(take.footage.frames[0], cv2.COLOR_RGB2LAB).astype(int) * (1, 2, 2)
        for n, actor in enumerate(take.stage.actors):
            pixels = lab[take.footage.owners[0] == n + 1]
            if len(pixels) > 150:
                nearest = np.abs(pixels[:, None] - anchors).sum(-1).argmin(1)
                most = np.bincount(nearest, minlength=len(COLOURS)).argmax()
                right += list(COLOURS)[most] == actor.role.colour
                total += 1
    # Light and shade make a few pass for a neighbour by this crude measure.
    assert right / total > 0.85


def test_ambiguous_and_missing_descriptions_resolve_to_neither_object(takes):
    for take in takes("motion", 25):
        roles = [actor.role for actor in take.stage.actors]
        twins = [r for r in roles if sum((r.kind, r.colour) == (o.kind, o.colour) for o in roles) > 1]
        for role in twins[:1]:
            assert resolve(Query(role.kind, role.colour), take.facts) is None
        missing = next(c for c in COLOURS if all(r.colour != c for r in roles))
        assert resolve(Query(None, missing), take.facts) == ABSENT


@pytest.mark.parametrize("motion", MOTIONS)
@pytest.mark.parametrize("frames", [8, 60])
def test_paths_do_what_they_are_called(motion, frames):
    for seed in range(10):
        path = make(motion, frames, 15.0, np.random.default_rng(seed))
        assert path.x.shape == path.y.shape == path.scale.shape == (frames,)
        assert verdict(path.motion, path.direction, motion) is True
        reach = max(np.ptp(path.x), np.ptp(path.y))
        if motion in DIRECTIONS:
            assert np.array(DIRECTIONS[motion]) @ (path.x[-1], path.y[-1]) > 0.05
            assert verdict(motion, motion, "still") is False
        elif motion in ("still", "growing", "shrinking"):
            assert reach == 0
            assert (path.scale[-1] > path.scale[0]) == (motion == "growing")
        else:
            assert reach > 0.05
        if motion == "starting":
            assert path.x[1] == path.x[0] and path.y[1] == path.y[0]
        if motion == "stopping":
            assert path.x[-1] == path.x[-2] and path.y[-1] == path.y[-2]


def test_an_unknown_motion_is_named():
    with pytest.raises(ConfigurationError, match="'flying'"):
        make("flying", 8, 15.0, np.random.default_rng(0))
