import pytest

from samwise.shell.lines import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("the red car, \u00fcber 50 %", "the red car, \u00fcber 50 %"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("\udcff.mcap", r"\udcff.mcap"),
        ("it's", "it's"),
    ],
)
def test_what_is_no_letter_is_written_out(text: str, line: str) -> None:
    assert one_line(text) == line
    line.encode()
