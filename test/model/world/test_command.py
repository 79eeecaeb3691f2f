import argparse

import pytest

from samwise.errors import SamwiseError
from samwise.world.command import add_arguments, main, run


def test_it_lists_sentences_and_writes_the_sheet(tmp_path, capsys):
    path = tmp_path / "sheet.png"
    small = ["--height", "64", "--width", "80", "--frames", "4"]
    assert main(["--split", "appearance", "--seed", "3", "--videos", "2", "--sheet", str(path), *small]) == 0
    said = capsys.readouterr().out
    assert "appearance 3 appearance: " in said and "appearance 4 appearance: " in said
    assert path.stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--videos", "0"], "--videos 0"),
        (["--seed", "-4"], "-4"),
        (["--split", "late", "--frames", "2"], "num_frames is 2"),
        (["--videos", "1", "--sheet", "sheet.txt"], r"sheet\.txt"),
    ],
)
def test_wrong_options_are_named(words, named):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(SamwiseError, match=named):
        run(parser.parse_args(words))
