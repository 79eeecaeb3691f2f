"""Says a query in words: synonyms, word orders, and the few phrasings kept for the split `unseen`."""

import numpy as np

from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.words.query import Landmark, Query

Phrases = tuple[str, ...]

PREFIXES: Phrases = (
    "find", "track", "follow", "segment", "show me", "look for", "please find", "please follow", "where is",
)  # fmt: skip
THINGS: Phrases = ("one", "object", "thing")
COLOUR_WORDS: dict[str, Phrases] = {"gray": ("gray", "grey"), "purple": ("purple", "violet")}
RANKS: dict[str, Phrases] = {
    "big": ("big", "large", "huge"),
    "small": ("small", "little", "tiny"),
    "leftmost": ("leftmost",),
    "rightmost": ("rightmost",),
    "topmost": ("topmost", "highest"),
    "lowest": ("lowest", "bottommost"),
}
SUPERLATIVES: dict[str, Phrases] = {
    "big": ("bigger", "larger", "biggest", "largest"),
    "small": ("smaller", "smallest"),
}
PLACES: dict[str, Phrases] = {
    "left": ("on the left", "on the left side", "at the left", "on the left hand side"),
    "right": ("on the right", "on the right side", "at the right", "on the right hand side"),
    "top": ("at the top", "near the top", "in the upper part"),
    "bottom": ("at the bottom", "near the bottom", "in the lower part"),
    "middle": ("in the middle", "in the center", "at the center"),
}
RELATIONS: dict[str, Phrases] = {
    "left": ("left of", "to the left of", "on the left of"),
    "right": ("right of", "to the right of", "on the right of"),
    "above": ("above", "over", "higher than"),
    "below": ("below", "under", "lower than"),
    "beside": ("next to", "beside", "close to"),
    "before": ("in front of", "covering"),
    "behind": ("behind", "partly hidden by"),
}
DOING: dict[str, Phrases] = {
    "moving": ("moving", "in motion"),
    "still": ("standing still", "not moving", "staying in place", "keeping still"),
    "left": ("moving left", "going left", "heading left", "moving to the left", "going to the left"),
    "right": ("moving right", "going right", "heading right", "moving to the right", "going to the right"),
    "up": ("moving up", "going up", "rising", "moving upwards", "floating up"),
    "down": ("moving down", "going down", "sinking", "moving downwards", "coming down"),
    "circling": ("circling", "moving in a circle", "going in circles", "going around in circles"),
    "growing": ("growing", "getting bigger", "getting larger", "coming closer"),
    "shrinking": ("shrinking", "getting smaller", "becoming smaller"),
    "bouncing": ("bouncing", "hopping", "jumping up and down", "bouncing up and down"),
    "shaking": ("shaking", "wobbling", "swaying", "shaking from side to side"),
    "starting": ("starting to move", "beginning to move"),
    "stopping": ("coming to a stop", "coming to rest"),
    "turning": ("turning back", "going there and back"),
    "entering": ("coming in", "coming into view", "entering", "coming in later"),
    "leaving": ("leaving", "going out of view", "going away"),
}
DOES: dict[str, Phrases] = {
    "moving": ("moves", "does not stand still"),
    "still": ("stands still", "does not move", "stays in place", "never moves"),
    "left": ("moves left", "goes left", "moves to the left", "heads left"),
    "right": ("moves right", "goes right", "moves to the right", "heads right"),
    "up": ("moves up", "goes up", "rises", "floats up"),
    "down": ("moves down", "goes down", "sinks", "comes down"),
    "circling": ("circles", "moves in a circle", "goes in circles"),
    "growing": ("grows", "gets bigger", "gets larger", "comes closer"),
    "shrinking": ("shrinks", "gets smaller", "becomes smaller"),
    "bouncing": ("bounces", "hops", "jumps up and down", "bounces up and down"),
    "shaking": ("shakes", "wobbles", "sways", "shakes from side to side"),
    "starting": ("starts moving", "starts to move", "begins to move", "begins moving"),
    "stopping": ("stops", "stops moving", "comes to a stop", "comes to rest"),
    "turning": ("turns back", "goes there and back", "comes back"),
    "entering": ("comes in later", "enters later", "appears later", "comes in", "comes into view", "enters"),
    "leaving": ("leaves", "goes out of view", "goes away", "disappears"),
}
WEARING: Phrases = ("in", "wearing", "dressed in")
JOINTS: Phrases = ("the", "that", "which", "is")


def _pick(options: Phrases, rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _colour(name: str, rng: np.random.Generator) -> str:
    words = COLOUR_WORDS.get(name)
    if words is None:
        return name
    return words[0] if rng.random() < 0.7 else _pick(words, rng)


def _noun(kind: str | None, rng: np.random.Generator) -> str:
    if kind is None:
        return _pick(THINGS, rng)
    nouns = KINDS[kind].nouns
    return nouns[0] if rng.random() < 0.65 else _pick(nouns, rng)


def _rank(rank: str, rng: np.random.Generator) -> str:
    if rank in SUPERLATIVES and rng.random() < 0.45:
        return _pick(SUPERLATIVES[rank], rng)
    return _pick(RANKS[rank], rng)


def _landmark(landmark: Landmark, rng: np.random.Generator) -> str:
    words = ["the", _colour(landmark.colour, rng) if landmark.colour else "", _noun(landmark.kind, rng)]
    return " ".join(w for w in words if w)


def _tail(query: Query, rng: np.random.Generator, clauses: bool) -> str:
    """Words after the noun, as a clause of their own ("that ...") only where `clauses` allows it."""
    if query.relation and query.landmark:
        phrase = f"{_pick(RELATIONS[query.relation], rng)} {_landmark(query.landmark, rng)}"
    elif query.place:
        phrase = _pick(PLACES[query.place], rng)
    elif query.claim and clauses and rng.random() < 0.5:
        return f"{_pick(('that', 'which'), rng)} {_pick(DOES[query.claim], rng)}"
    elif query.claim:
        phrase = _pick(DOING[query.claim], rng)
    else:
        return ""
    if clauses and rng.random() < 0.3:
        return f"{_pick(('that', 'which'), rng)} is {phrase}"
    return phrase


def say(query: Query, rng: np.random.Generator, held_out: bool = False) -> str:
    """A sentence for the query, in lower case, without punctuation.

    Args:
        query: its meaning.
        rng: chooses words and their order.
        held_out: use a word order that training never sees, where one can say the query.
    """
    noun = _noun(query.kind, rng)
    colour = _colour(query.colour, rng) if query.colour else ""
    rank = _rank(query.rank, rng) if query.rank else ""
    held_out = held_out and has_held_out_order(query)
    tail = _tail(query, rng, clauses=not held_out)
    if held_out:
        return _held_out(query.kind is not None, noun, colour, rank, tail, rng)
    article = "the" if rng.random() < 0.8 else ""
    words = [article, rank, colour, noun, tail]
    if colour and not rank and not tail:
        if query.kind == "person" and rng.random() < 0.4:
            words = [article, noun, _pick(WEARING, rng), colour]
        elif query.kind and rng.random() < 0.12:
            words = [article, noun, _pick(("that", "which"), rng), "is", colour]
    if rng.random() < 0.22:
        words.insert(0, _pick(PREFIXES, rng))
    return " ".join(w for w in words if w)


def has_held_out_order(query: Query) -> bool:
    """Whether the query can be said in one of the word orders that only `unseen` uses."""
    tail = query.claim or query.place or query.relation
    return bool(tail or (query.colour and query.kind and not query.rank))


def _held_out(named: bool, noun: str, colour: str, rank: str, tail: str, rng: np.random.Generator) -> str:
    """Word orders that training never sees, made of words that it knows."""
    options: list[list[str]] = []
    if colour and named and not rank:
        options.append(["the", colour, "one that is a", noun, tail])
        options.append(["the", noun, "the", colour, "one", tail])
        if tail:
            options.append(["the", noun, tail, "that is", colour])
    if tail:
        options.append([tail, "the", rank, colour, noun])
    return " ".join(w for w in options[int(rng.integers(len(options)))] if w)


def vocabulary() -> tuple[str, ...]:
    """Every word that `say` can produce, sorted."""
    tables = (COLOUR_WORDS, RANKS, SUPERLATIVES, PLACES, RELATIONS, DOING, DOES)
    phrases = [phrase for table in tables for entries in table.values() for phrase in entries]
    phrases += [noun for kind in KINDS.values() for noun in kind.nouns]
    phrases += [*COLOURS, *PREFIXES, *THINGS, *WEARING, *JOINTS]
    return tuple(sorted({word for phrase in phrases for word in phrase.split()}))
