import argparse

import pytest

from samwise.errors import ConfigurationError
from samwise.shell import values


@pytest.mark.parametrize(
    ("read", "text", "named"),
    [
        (values.path, "", "''"),
        (values.path, " ", "' '"),
        (values.path, "~nobody-of-that-name/x", "'~nobody-of-that-name/x'"),
        (values.sentence, "", "blank"),
        (values.sentence, "?!", "'?!'"),
        (values.sentence, "red " * 200, "800 characters"),
        (values.device, "meta", "'meta'"),
    ],
)
def test_a_refusal_names_the_value(read, text, named):
    with pytest.raises(argparse.ArgumentTypeError) as refusal:
        read(text)
    assert named in str(refusal.value)


def test_good_values_come_through():
    assert str(values.path("a/b.png")) == "a/b.png"
    assert values.sentence("the red car") == "the red car" and values.device("cuda:1") == "cuda:1"


def test_home_is_filled_in_where_no_shell_does_it(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert str(values.path("~/out")) == "/home/me/out"


def test_an_error_of_ours_becomes_one_of_argparse():
    def parse(text):
        raise ConfigurationError(f"{text!r} is wrong")

    with pytest.raises(argparse.ArgumentTypeError, match="'x' is wrong"):
        values.checked(parse)("x")
