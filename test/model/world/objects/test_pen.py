import numpy as np
import pytest

from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS, INK, PALE, sample
from samwise.world.objects.pen import Pen


def draw(kind, size=60, phase=0.0, seed=0):
    pen = Pen(size, sample("red", np.random.default_rng(seed)), PALE, phase=phase, tilt=5.0)
    KINDS[kind].draw(pen, np.random.default_rng(seed))
    return pen.finish(0.5, (0, 0))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fills_its_box_and_has_variety(kind):
    image = draw(kind).image
    assert 0.6 * 60 < max(image.shape[:2]) < 1.25 * 60
    assert (image[:, :, 3] > 127).mean() > 0.15
    assert (image[:, :, :3] <= image[:, :, 3:]).all()  # premultiplied
    looks = {draw(kind, seed=seed).image.tobytes() for seed in range(5)}
    assert len(looks) == 5


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.phases > 1])
def test_what_can_move_its_parts_does(kind):
    # Not every look does: a cat may sit, a ball may be plain.
    looks = range(6)
    before = [draw(kind, phase=0.0, seed=seed).image.tobytes() for seed in looks]
    assert before != [draw(kind, phase=0.15, seed=seed).image.tobytes() for seed in looks]


def test_there_are_enough_kinds_and_colours():
    assert len(KINDS) >= 20
    assert len(COLOURS) >= 8


def test_a_sprite_knows_where_its_centre_is():
    pen = Pen(40, (200, 30, 30), INK, outline=0.0)
    pen.box(-0.5, -0.5, 0.5, 0.5, pen.main)
    sprite = pen.finish(0.0, (0, 0))
    assert abs(sprite.x + 10) <= 1 and abs(sprite.y + 10) <= 1
    assert all(abs(side - 20) <= 1 for side in sprite.image.shape[:2])


def test_large_sprites_have_a_texture_too():
    assert max(draw("house", size=700).image.shape[:2]) > 512
