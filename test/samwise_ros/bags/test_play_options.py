import pytest

from samwise_ros.bags.play_options import parse_arguments


def test_defaults_play_everything_once_as_recorded() -> None:
    _, options = parse_arguments(["bag"])
    assert (options.topics, options.rate, options.loop, options.clock_hz) == (None, 1.0, False, 0.0)
    assert options.compressed == "decode"


def test_remap_and_clock() -> None:
    _, options = parse_arguments(["bag", "--remap", "/a:=/b", "/c:=/d", "--clock"])
    assert options.remap == {"/a": "/b", "/c": "/d"}
    assert options.clock_hz == 100.0
    assert parse_arguments(["bag", "--clock", "25"])[1].clock_hz == 25.0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["bag", "--restamp", "--rate", "2"], "--rate 1"),
        (["bag", "--restamp", "--clock"], "choose one"),
        (["bag", "--rate", "0"], "not a number above 0"),
        (["bag", "--rate", "nan"], "not a number above 0"),
        (["bag", "--rate", "inf"], "not a number above 0"),
        (["bag", "--start", "-1"], "not a number above 0"),
        (["bag", "--remap", "/a=/b"], "write /old:=/new"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(arguments)
    assert complaint in capsys.readouterr().err
