from samwise.world.words.grammar import vocabulary as world_vocabulary
from samwise.world.words.query import Landmark, Query
from samwise_ros.listener.automaton import automaton
from samwise_ros.listener.phrases import Maybe, OneOf, Words, choose, in_order, understand, vocabulary
from samwise_ros.listener.trial.sentences import draw, target_of
from samwise_ros.listener.world_sentences import HOMOPHONES, world_target

RED_OR_BLUE = choose({"red": ("red",), "blue": ("blue", "azure")}, "colour")
CAR = in_order(Maybe(Words("the")), RED_OR_BLUE, "car")


def test_meaning_of_words() -> None:
    assert understand(CAR, "the azure car") == {"colour": "blue"}
    assert understand(CAR, "red car") == {"colour": "red"}


def test_what_is_not_said_whole_means_nothing() -> None:
    assert understand(CAR, "the red") is None
    assert understand(CAR, "the red car car") is None
    assert understand(CAR, "") is None


def test_the_world_has_no_word_that_cannot_be_said() -> None:
    assert set(vocabulary(world_target(asked=True))) == set(world_vocabulary()) - set(HOMOPHONES)


def test_sentences_of_the_world_mean_what_they_were_made_of() -> None:
    for spoken in draw(40, seed=300):
        meaning = understand(world_target(asked=True), spoken.text)
        assert meaning is not None, spoken.text
        assert target_of(meaning, spoken.facts) == spoken.target, spoken.text


def test_a_landmark_is_not_the_target() -> None:
    meaning = understand(world_target(), "the cup left of the blue automobile")
    assert meaning == {
        "kind": "cup",
        "relation": "left",
        "landmark_kind": "car",
        "landmark_colour": "blue",
    }
    assert Query("cup", relation="left", landmark=Landmark("car", "blue")).sort == "relation"


def test_an_automaton_says_the_same_as_its_phrase() -> None:
    phrase = OneOf((CAR, in_order("the", RED_OR_BLUE, "one")), (0.9, 0.1))
    network = automaton(phrase)

    def said(state: int, so_far: tuple[str, ...], chance: float) -> dict[str, float]:
        found = {" ".join(so_far): chance * network.endings[state]} if state in network.endings else {}
        for arc in network.arcs:
            if arc.start == state:
                found |= said(arc.end, (*so_far, arc.word), chance * arc.chance)
        return found

    texts = said(0, (), 1.0)
    assert set(texts) == {f"{the}{c} car" for the in ("", "the ") for c in ("red", "blue", "azure")} | {
        f"the {c} one" for c in ("red", "blue", "azure")
    }
    assert abs(sum(texts.values()) - 1) < 1e-6
    assert abs(texts["the red car"] - 0.9 * 0.5 * 0.5) < 1e-6
    assert abs(texts["the azure one"] - 0.1 * 0.25) < 1e-6


def test_an_automaton_shares_what_ends_alike() -> None:
    network = automaton(CAR)
    # start, after "the", before "car", end
    assert network.states == 4
    assert len({(arc.start, arc.word) for arc in network.arcs}) == len(network.arcs)
