from dataclasses import dataclass

import pytest

from samwise.errors import ConfigurationError
from samwise.shell.building import build
from samwise.shell.spans import Count


@dataclass(frozen=True)
class Thing:
    needed: str
    sizes: tuple[tuple[Count, Count], ...] = ()


def test_lists_become_tuples():
    assert build(Thing, {"needed": "a", "sizes": [[1, 2], [3, 4]]}) == Thing("a", ((1, 2), (3, 4)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "there: Thing is []; give a mapping of names to values"),
        ({}, "there: Thing: needed is missing"),
        ({"needed": "a", "size": 1}, "there: Thing has no size, perhaps sizes is meant"),
        ({"needed": "a", "colour": 1}, "there: Thing has no colour; it has needed, sizes"),
        (
            {"needed": "a", "sizes": [[1, 0]]},
            "there: sizes is [[1, 0]]; in it, for [1, 0], in it, for 0",
        ),
        ({True: 1}, "there: Thing has the key True, which is not text; put it in quotes"),
    ],
)
def test_mistakes_are_named(values, said):
    with pytest.raises(ConfigurationError) as refusal:
        build(Thing, values, "there")
    assert said in str(refusal.value)
