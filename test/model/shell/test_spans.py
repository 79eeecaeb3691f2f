import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from samwise.errors import ConfigurationError
from samwise.shell.spans import FrameRate, OneOf, Share, Span, Text, Texts, check


@dataclass(frozen=True)
class Part:
    share: Share = 0.5


@dataclass(frozen=True)
class Thing:
    count: Annotated[int, Span(1, 9)] = 1
    rate: Annotated[float, Span(0, 10, above=True)] = 1.0
    decay: Annotated[float, Span(0, 1, below=True)] = 0.0
    name: Text = "a"
    names: Texts = ("a",)
    fps: tuple[FrameRate, FrameRate] = (1.0, 2.0)
    flag: bool = True
    mode: Annotated[str, OneOf(("fast", "slow"))] = "fast"
    other: Text | None = None
    part: Part | None = None
    more: Mapping[str, Any] | None = None


def test_what_is_right_passes():
    check(Thing())
    check(Thing(rate=10, decay=0, other="b", part=Part(), more={"a": 1}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"count": 0}, "count is 0; give a whole number from 1 to 9"),
        ({"count": 10}, "count is 10; give"),
        ({"count": 2.0}, "count is 2.0; give a whole number from 1 to 9"),
        ({"count": True}, "count is True; give a whole number"),
        ({"count": None}, "count is None; give"),
        ({"rate": 0}, "rate is 0; give a number above 0 and up to 10"),
        ({"rate": math.nan}, "rate is nan; give"),
        ({"rate": math.inf}, "rate is inf; give"),
        ({"rate": "1e-3"}, "rate is '1e-3'; give a number (YAML reads 1e-3 as text: write 0.001) above"),
        ({"rate": "fast"}, "rate is 'fast'; give a number above 0"),
        ({"decay": 1}, "decay is 1; give a number from 0, below 1"),
        ({"name": " "}, "name is ' '; give a text, not an empty one"),
        ({"name": 5}, "name is 5; give a text"),
        ({"names": "train"}, "names is 'train'; list some"),
        ({"names": ()}, "names is []; list some, not an empty one"),
        ({"names": ("a", 3)}, "names is ['a', 3]; in it, for 3, give a text"),
        ({"fps": (5.0,)}, "fps is [5.0]; list 2 values"),
        ({"fps": 5.0}, "fps is 5.0; list 2 values"),
        ({"fps": (5.0, -1)}, "in it, for -1, give a number from 0.01 to 1000"),
        ({"flag": "yes"}, "flag is 'yes'; give true or false"),
        ({"flag": 1}, "flag is 1; give true or false"),
        ({"mode": "fats"}, "mode is 'fats'; choose one of fast, slow"),
        ({"mode": 1}, "mode is 1; choose one of fast, slow"),
        ({"other": 3}, "other is 3; give a text"),
        ({"part": {"share": 1}}, "part is {'share': 1}; give a mapping, as for Part"),
        ({"more": [1]}, "more is [1]; give a mapping"),
        ({"name": ["long"] * 100}, "..."),
    ],
)
def test_what_is_wrong_is_named_with_what_is_right(values, said):
    with pytest.raises(ConfigurationError) as refusal:
        check(Thing(**values), "here")
    assert said in str(refusal.value) and str(refusal.value).startswith("here: ")
    assert len(str(refusal.value)) < 200
