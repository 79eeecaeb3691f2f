import subprocess
import sys

import pytest

from samwise.errors import ExpressionError
from samwise.text.sentences import MAX_CHARACTERS, check_sentence, is_blank

BLANK = ["", " \t\n", "!!!", "...", "?!,;:-_()", "\x00\x07", "🚗🚗", "\u200b", "—«»", "♥"]


@pytest.mark.parametrize("text", BLANK)
def test_nothing_to_name(text):
    assert is_blank(text)
    with pytest.raises(ExpressionError, match="is blank.*'the red car'") as raised:
        check_sentence(text)
    assert "\n" not in str(raised.value), "one line, whatever is in the sentence"


@pytest.mark.parametrize("text", ["the red car", "7", "красная машина", "赤い車", "السيارة", "🚗 left!", "१"])
def test_letters_and_digits_of_any_script(text):
    assert not is_blank(text)
    check_sentence(text)


@pytest.mark.parametrize("text", ["the caf\udce9", "the caf\N{REPLACEMENT CHARACTER}"])
def test_bytes_that_are_no_utf8(text):
    with pytest.raises(ExpressionError, match="not valid UTF-8") as raised:
        check_sentence(text)
    str(raised.value).encode()  # can be printed


def test_too_long():
    check_sentence("a" * MAX_CHARACTERS)
    with pytest.raises(ExpressionError, match="513 characters, more than 512"):
        check_sentence("a" * (MAX_CHARACTERS + 1))


def test_asking_costs_no_torch():
    code = "import sys, samwise.text.sentences; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
