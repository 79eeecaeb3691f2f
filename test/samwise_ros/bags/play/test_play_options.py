import pytest

from samwise_ros.bags.play.play_options import parse_arguments, renaming


def test_defaults_play_everything_once_as_recorded() -> None:
    _, options = parse_arguments(["bag"])
    assert (options.topics, options.rate, options.loop, options.clock_hz) == (None, 1.0, False, 0.0)
    assert options.compressed == "decode"


def test_remap_and_clock() -> None:
    _, options = parse_arguments(["bag", "--remap", "/a:=/b", "/c:=/d", "--clock"])
    assert options.remap == {"/a": "/b", "/c": "/d"}
    assert options.clock_hz == 100.0
    assert parse_arguments(["bag", "--clock", "25"])[1].clock_hz == 25.0


def test_decode_with_and_without_a_name() -> None:
    _, options = parse_arguments(["bag", "--decode", "/a_compressed", "/b:=/c"])
    assert options.decode == {"/a_compressed": None, "/b": "/c"}


def test_several_files_are_one_recording() -> None:
    args, _ = parse_arguments(["a_0.mcap", "a_1.mcap", "--topics", "/a", "/b"])
    assert [path.name for path in args.bags] == ["a_0.mcap", "a_1.mcap"]


@pytest.mark.parametrize(
    ("text", "nanoseconds"), [("0.5", 500_000_000), ("0", 2**63 - 1), ("inf", 2**63 - 1)]
)
def test_the_longest_gap(text: str, nanoseconds: int) -> None:
    assert parse_arguments(["bag", "--max-gap", text])[1].max_gap_ns == nanoseconds
    assert parse_arguments(["bag"])[1].max_gap_ns == 3600 * 10**9


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--restamp", "--rate", "2"], "--rate 1"),
        (["--restamp", "--clock"], "choose one"),
        (["--rate", "0"], "'0' is not a number above 0 and up to 1000"),
        (["--rate", "nan"], "'nan' is not a number above 0"),
        (["--rate", "inf"], "'inf' is not a number above 0"),
        (["--rate", "1001"], "up to 1000"),
        (["--rate", "fast"], "'fast' is not a number"),
        (["--start", "-1"], "'-1' is not a number from 0"),
        (["--start", "inf"], "'inf' is not a number from 0"),
        (["--duration", "0"], "'0' is not a number above 0"),
        (["--clock", "20000"], "up to 10000"),
        (["--max-gap", "-1"], "0 or inf waits for every gap"),
        (["--max-gap", "nan"], "'nan' is not a number above 0"),
        (["--wait-timeout", "-3"], "'-3' is not a number from 0"),
        (["--remap", "/a=/b"], "write /old:=/new"),
        (["--remap", "/a:=/b//c"], "'/b//c' is not a ROS 2 topic name; '/b/c' would be one"),
        (["--remap", "/a:=/1"], "'/_1' would be one"),
        (["--decode", "/a:="], "or /topic alone"),
        (["--wait-for-subscribers", "/a b"], "'/a b' is not a ROS 2 topic name"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(["bag", *arguments])
    assert end.value.code == 2
    assert complaint in capsys.readouterr().err


def test_names_of_other_tools_may_hold_the_separator() -> None:
    assert renaming("/a:=b:=/c") == ("/a:=b", "/c")
