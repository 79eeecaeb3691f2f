import pytest

from samwise.text.sentences import MAX_CHARACTERS
from samwise_ros.errors import InputError
from samwise_ros.messages.sentences import clean_sentence


def test_white_space_is_tidied() -> None:
    assert clean_sentence("  the\n red   car ") == "the red car"


def test_longest_sentence_is_taken() -> None:
    assert clean_sentence("x" * MAX_CHARACTERS)


@pytest.mark.parametrize("text", ["", " \t\n", "?!", "x" * (MAX_CHARACTERS + 1)])
def test_what_is_no_sentence_is_refused_as_input(text: str) -> None:
    with pytest.raises(InputError, match=";"):
        clean_sentence(text)
