import pytest

from samwise_ros.listener.pronunciations import accents


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("S T AA R", "S T AA"),  # star
        ("D AO G", "D AO G"),  # dog
        ("K L AA K", "K L AO K"),  # clock
        ("HH AE T", "HH AA T"),  # hat
        ("P ER P AH L", "P AH P AH L"),  # purple
        ("R EH D", "R EH D"),  # red: the R before a vowel is said
    ],
)
def test_british_words(american: str, british: str) -> None:
    assert accents(american)[0] == american
    assert british in accents(american)


def test_no_way_is_told_twice() -> None:
    assert accents("R EH D") == ("R EH D",)
