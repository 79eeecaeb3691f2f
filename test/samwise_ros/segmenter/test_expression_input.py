import pytest

from samwise_ros.errors import InputError
from samwise_ros.segmenter.expression_input import ExpressionInput


def text_of(expressions: ExpressionInput) -> str | None:
    return expressions.current.text if expressions.current else None


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("", "blank"),
        (" \t\n", "blank"),
        ("?!... -", "blank"),
        ("x" * 10_000, "10000 characters"),
        (b"the \xff\xfe car".decode(errors="replace"), "UTF-8"),
    ],
    ids=["empty", "blank", "punctuation", "endless", "not UTF-8"],
)
def test_refusal_names_value_and_remedy_and_the_old_sentence_stays(sentence: str, named: str) -> None:
    expressions = ExpressionInput()
    expressions.offer("the dog")
    before = expressions.current
    with pytest.raises(InputError, match=named) as refusal:
        expressions.offer(sentence)
    assert expressions.current == before
    assert len(str(refusal.value)) < 250, "a message, not the whole sentence back"
    assert ";" in str(refusal.value), "what to do about it"


def test_a_later_sentence_wins() -> None:
    expressions = ExpressionInput()
    assert expressions.offer("the dog", 1)
    assert expressions.offer("the cat", 2)
    assert text_of(expressions) == "the cat"


def test_the_same_sentence_again_does_not_start_over() -> None:
    expressions = ExpressionInput()
    expressions.offer("the dog", 1)
    before = expressions.current
    assert not expressions.offer("the  dog ", 2)
    assert expressions.current == before


@pytest.mark.parametrize("history_first", [True, False])
def test_a_message_that_arrives_in_both_ways_counts_once(history_first: bool) -> None:
    expressions = ExpressionInput()
    expressions.offer("the dog", 1, from_history=history_first)
    expressions.offer("the cat", 2, from_history=history_first)
    assert not expressions.offer("the dog", 1, from_history=not history_first)
    assert text_of(expressions) == "the cat"


def test_history_does_not_undo_what_was_said_since() -> None:
    expressions = ExpressionInput()
    expressions.offer("the cat", 20)
    assert not expressions.offer("the dog", 10, from_history=True)
    assert text_of(expressions) == "the cat"


def test_a_live_sentence_counts_even_if_its_sender_has_a_slow_clock() -> None:
    expressions = ExpressionInput()
    expressions.offer("the cat", 20)
    assert expressions.offer("the dog", 10)
    assert text_of(expressions) == "the dog"


def test_without_stamps_every_sentence_counts() -> None:
    expressions = ExpressionInput()
    assert expressions.offer("the dog")
    assert expressions.offer("the cat")


def test_results_of_an_older_sentence_may_not_be_published() -> None:
    expressions = ExpressionInput()
    expressions.offer("the dog")
    dog = expressions.current
    assert dog is not None
    with expressions.publishing(dog.generation) as current:
        assert current
    expressions.offer("the cat")
    with expressions.publishing(dog.generation) as current:
        assert not current


def test_a_refused_sentence_does_not_outdate_results() -> None:
    expressions = ExpressionInput()
    expressions.offer("the dog")
    dog = expressions.current
    assert dog is not None
    with pytest.raises(InputError):
        expressions.offer(" ")
    with expressions.publishing(dog.generation) as current:
        assert current


def test_outdating_keeps_the_sentence() -> None:
    expressions = ExpressionInput()
    expressions.offer("the dog")
    dog = expressions.current
    assert dog is not None
    expressions.outdate()
    with expressions.publishing(dog.generation) as current:
        assert not current
    assert text_of(expressions) == "the dog"
