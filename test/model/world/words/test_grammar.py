import numpy as np
import pytest

from samwise.world import vocabulary
from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.motion import MOTIONS, PASSAGES
from samwise.world.words.grammar import DOES, DOING, PLACES, RANKS, RELATIONS, has_held_out_order, say
from samwise.world.words.query import Landmark, Query


def some_query(rng):
    """Any query at all, sensible or not."""

    def maybe(options, chance):
        return list(options)[int(rng.integers(len(options)))] if rng.random() < chance else None

    kind, colour = maybe(KINDS, 0.8), maybe(COLOURS, 0.6)
    extra = {}
    match int(rng.integers(5)):
        case 0:
            extra["rank"] = maybe(RANKS, 1)
        case 1:
            extra["place"] = maybe(PLACES, 1)
        case 2:
            extra["claim"] = maybe(DOING, 1)
        case 3:
            extra["relation"] = maybe(RELATIONS, 1)
            extra["landmark"] = Landmark(maybe(KINDS, 1), maybe(COLOURS, 0.5))
    return Query(kind, colour, **extra)


@pytest.fixture(scope="module")
def sentences():
    rng = np.random.default_rng(1)
    queries = [some_query(rng) for _ in range(12000)]
    return [(query, held_out, say(query, rng, held_out)) for query in queries for held_out in (False, True)]


def test_the_vocabulary_is_exactly_what_is_said(sentences):
    assert set(vocabulary()) == {word for _, _, text in sentences for word in text.split()}


def test_words_are_lower_case_letters_in_order(sentences):
    assert all(word.isalpha() and word.islower() for word in vocabulary())
    assert list(vocabulary()) == sorted(set(vocabulary()))
    assert all(text == " ".join(text.split()) and text for _, _, text in sentences)


def test_training_says_every_word(sentences):
    usual = {word for _, odd, text in sentences if not odd for word in text.split()}
    assert set(vocabulary()) == usual


def test_held_out_word_orders_never_occur_in_training(sentences):
    usual = {text for _, odd, text in sentences if not odd}
    odd = {text for query, held_out, text in sentences if held_out and has_held_out_order(query)}
    assert len(odd) > 1000
    assert not usual & odd


def test_every_motion_can_be_said():
    assert set(DOING) == set(DOES) == {*MOTIONS, *PASSAGES, "moving"}


def test_every_query_has_several_phrasings():
    rng = np.random.default_rng(0)
    assert len({say(Query("car", "red"), rng) for _ in range(200)}) > 12
    assert len({say(Query("person", "gray", claim="left"), rng) for _ in range(400)}) > 80
