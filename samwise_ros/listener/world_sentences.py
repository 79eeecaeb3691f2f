"""What can be said about the synthetic world, which the miniature was trained on."""

from __future__ import annotations

from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.words import grammar
from samwise_ros.listener.phrases import InOrder, Maybe, OneOf, Phrase, any_of, choose, in_order

NOUNS = {kind: shape.nouns for kind, shape in KINDS.items()}
#: "grey" sounds like "gray": it is heard as the first spelling of the colour.
HOMOPHONES = {"grey": "gray"}
COLOUR_WORDS = {
    colour: tuple(word for word in grammar.COLOUR_WORDS.get(colour, (colour,)) if word not in HOMOPHONES)
    for colour in COLOURS
}
RANK_WORDS = {rank: (*words, *grammar.SUPERLATIVES.get(rank, ())) for rank, words in grammar.RANKS.items()}


def world_target(asked: bool = False) -> Phrase:
    """Every sentence of the world, also in the word orders that only its split `unseen` has.

    The slots of its meaning are the attributes of `samwise.world.words.query.Query`, the landmark's as
    `landmark_kind` and
    `landmark_colour`. How often a phrase is said follows `samwise.world.words.grammar.say`, roughly.

    Args:
        asked: it may begin with "follow", "where is" and so on.
    """
    colour, kind = choose(COLOUR_WORDS, "colour", 0.7), choose(NOUNS, "kind", 0.65)
    noun = OneOf((kind, any_of(grammar.THINGS)), (0.85, 0.15))
    rank = Maybe(choose(RANK_WORDS, "rank"), 0.2)
    tail, plain_tail = _tail(clauses=True), _tail(clauses=False)
    beginning = (*([Maybe(any_of(grammar.PREFIXES), 0.22)] if asked else []), Maybe(any_of(("the",)), 0.8))
    usual = InOrder((*beginning, rank, Maybe(colour), noun, Maybe(tail, 0.6)))
    dressed = InOrder((*beginning, noun, any_of(grammar.WEARING), colour))
    coloured = InOrder((*beginning, kind, any_of(("that is", "which is")), colour))
    rare = OneOf(
        (
            in_order("the", colour, "one that is a", kind, Maybe(plain_tail)),
            in_order("the", kind, "the", colour, "one", Maybe(plain_tail)),
            in_order("the", noun, plain_tail, "that is", colour),
            in_order(plain_tail, "the", rank, Maybe(colour), noun),
        )
    )
    return OneOf((usual, dressed, coloured, rare), (0.85, 0.03, 0.04, 0.08))


def _tail(clauses: bool) -> Phrase:
    """Words after the noun, as a clause of their own ("that ...") only where `clauses` allows it."""
    landmark = in_order(
        "the",
        Maybe(choose(COLOUR_WORDS, "landmark_colour", 0.7), 0.4),
        choose(NOUNS, "landmark_kind", 0.65),
    )
    related = in_order(choose(grammar.RELATIONS, "relation"), landmark)
    doing, place = choose(grammar.DOING, "claim"), choose(grammar.PLACES, "place")
    where = OneOf((related, place, doing), (0.3, 0.3, 0.4))
    if not clauses:
        return where
    that = any_of(("that", "which"))
    does = in_order(that, choose(grammar.DOES, "claim"))
    return OneOf((in_order(Maybe(in_order(that, "is"), 0.3), where), does), (0.8, 0.2))
