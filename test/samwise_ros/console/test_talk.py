import pytest

from samwise_ros.console.errors import Refused
from samwise_ros.console.talk import read_rate


def test_a_rate() -> None:
    assert read_rate('{"sample_rate": 48000}') == 48000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "48000",
        "[]",
        '{"sample_rate": "fast"}',
        '{"sample_rate": 1}',
        '{"sample_rate": 1e99}',
        "{" * 10000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="sample rate"):
        read_rate(text)
