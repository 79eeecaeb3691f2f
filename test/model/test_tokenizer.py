import pytest

from samwise.errors import CheckpointError, ExpressionError
from samwise.tokenizer import Tokenizer


def test_case_and_punctuation_do_not_matter(tokenizer):
    plain, _ = tokenizer.encode(["the red car"])
    fancy, _ = tokenizer.encode(["The RED, car!"])
    assert plain.tolist() == fancy.tolist()
    assert plain[0, 0] == 0 and plain[0, -1] == 2


def test_padding_marks_the_shorter_sentence(tokenizer):
    ids, padding = tokenizer.encode(["the red car", "dog"])
    assert ids.shape == padding.shape == (2, 5)
    assert padding.tolist() == [[False] * 5, [False] * 3 + [True] * 2]


def test_unknown_words_are_named_once(tokenizer):
    assert tokenizer.unknown_words("the purple car, the Purple zeppelin") == ("purple", "Purple", "zeppelin")
    assert tokenizer.unknown_words("The red car!") == ()


@pytest.mark.parametrize("blank", ["", "  ", "!!!", "🚗"])
def test_a_sentence_that_names_nothing(tokenizer, blank):
    with pytest.raises(ExpressionError, match="is blank"):
        tokenizer.encode(["the red car", blank])


def test_too_many_tokens(tokenizer):
    with pytest.raises(ExpressionError, match=r"42 tokens.*16"):
        tokenizer.encode(["car " * 40])


def test_absent_tokenizer_says_where_to_get_it(tmp_path):
    with pytest.raises(CheckpointError, match=r"tokenizer\.json"):
        Tokenizer.from_pretrained(tmp_path / "nothing", 16)
