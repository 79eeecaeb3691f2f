import argparse
import json

import numpy as np
import pytest
from PIL import Image

from samwise.commands.world import add_arguments, main, run
from samwise.errors import SamwiseError
from samwise.world import generate
from samwise.world.sheet import sheet


def test_it_lists_sentences_and_writes_the_sheet(tmp_path, capsys):
    path = tmp_path / "sheet.png"
    small = ["--height", "64", "--width", "80", "--frames", "4"]
    assert main(["--split", "appearance", "--seed", "3", "--videos", "2", "--sheet", str(path), *small]) == 0
    said = capsys.readouterr().out
    assert "appearance 3 colour + kind: " in said and "appearance 4 " in said
    assert path.stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--split", "late", "--frames", "2"], "num_frames is 2"),
        (["--videos", "1", "--sheet", "sheet.txt"], r"sheet\.txt.*ends in \.png"),
        (["--layout", "mevis"], "--layout mevis is for --export"),
    ],
)
def test_wrong_options_are_named(words, named):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(SamwiseError, match=named):
        run(parser.parse_args(words))


def test_videos_are_exported(tmp_path, capsys):
    small = [
        "--height",
        "64",
        "--width",
        "80",
        "--frames",
        "4",
        "--split",
        "late",
        "--videos",
        "2",
        "--seed",
        "5",
    ]
    for layout, listing in (
        ("ref-youtube-vos", "meta_expressions/late/meta_expressions.json"),
        ("mevis", "late/meta_expressions.json"),
    ):
        assert main(["--export", str(tmp_path / layout), "--layout", layout, *small]) == 0
        assert f"2 videos are in {tmp_path / layout}, split late" in capsys.readouterr().out
        videos = json.loads((tmp_path / layout / listing).read_text())["videos"]
        assert list(videos) == ["late_000005", "late_000006"]
        assert len(list((tmp_path / layout / "late/JPEGImages/late_000006").glob("*.jpg"))) == 4


def test_a_wrong_argument_leaves_no_folder(tmp_path):
    with pytest.raises(SamwiseError, match="num_frames is 2"):
        main(["--split", "late", "--frames", "2", "--export", str(tmp_path / "data")])
    assert not (tmp_path / "data").exists()


def test_a_sheet_keeps_its_colours_and_replaces_only_another_sheet(tmp_path):
    small = ["--height", "64", "--width", "80", "--frames", "4", "--videos", "1"]
    for seed in ("3", "4"):
        assert main(["--seed", seed, "--sheet", str(tmp_path / "sheet.png"), *small]) == 0
    video = generate(4, "train", 4, (64, 80))
    written = np.asarray(Image.open(tmp_path / "sheet.png"))
    assert (written == sheet([video], 2, 4)).all()
    (tmp_path / "photo.png").write_bytes(b"mine")
    with pytest.raises(SamwiseError, match="photo.png"):
        main(["--sheet", str(tmp_path / "photo.png"), *small])
