import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from recordings import read_all

from samwise.world import generate
from samwise_ros.bags.pictures import mask_of, rgb_of
from samwise_ros.bags.story_to_bag import main as story_main
from samwise_ros.bags.world_to_bag import main
from samwise_ros.messages.stamps import nanoseconds

Tool = Callable[[list[str]], int]

OPTIONS = ["--split", "late", "--seed", "3", "--frames", "6", "--size", "96x72", "--fps", "10"]


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["world_to_bag", *words])
    return main()


@pytest.mark.parametrize("number", [0, 1])
def test_the_recording_has_the_sentence_and_its_masks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    bag = tmp_path / "late.mcap"
    assert run(monkeypatch, str(bag), *OPTIONS, "--sentence", str(number)) == 0
    video = generate(3, "late", 6, (72, 96), 10.0)
    assert len(video.referrals) > 1
    referral = video.referrals[number]
    assert [message.data for _, message in read_all(bag, "/expression")] == [referral.expression]
    pictures, masks = read_all(bag, "/camera/image/compressed"), read_all(bag, "/ground_truth/mask")
    assert len(pictures) == len(masks) == 6
    for t, ((_, picture), (_, mask)) in enumerate(zip(pictures, masks, strict=True)):
        assert nanoseconds(picture.header.stamp) == nanoseconds(mask.header.stamp)
        np.testing.assert_array_equal(mask_of(mask, mask.data), referral.masks[t])
        error = rgb_of(picture).astype(int) - video.frames[t]
        assert np.abs(error).mean() < 10
    times = [nanoseconds(picture.header.stamp) for _, picture in pictures]
    np.testing.assert_allclose(np.diff(times), 1e8, atol=1)


def test_a_sentence_that_is_not_there_is_answered_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, str(tmp_path / "a.mcap"), *OPTIONS, "--sentence", "9") == 1
    said = capsys.readouterr().err
    assert (
        "no sentence 9" in said
        and f"0: {generate(3, 'late', 6, (72, 96), 10.0).referrals[0].expression}" in said
    )
    assert not (tmp_path / "a.mcap").exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [(["--split", "latest"], "'latest'"), (["--split", "late", "--frames", "2"], "num_frames is 2")],
)
def test_wrong_options_are_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    named: str,
) -> None:
    assert run(monkeypatch, str(tmp_path / "a.mcap"), *options) == 1
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--seed", "-1"),
        ("--sentence", "-1"),
        ("--frames", "0"),
        ("--frames", "1000000"),
        ("--fps", "0"),
        ("--fps", "inf"),
        ("--size", "1x1"),
        ("--size", "99999x99999"),
        ("--quality", "500"),
    ],
)
def test_values_out_of_range_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "a.mcap"), *options])
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert options[0] in said and repr(options[1]) in said


def test_more_than_the_memory_holds_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "a.mcap"), "--frames", "100000", "--size", "16384x16384"]) == 1
    assert "GB of memory" in capsys.readouterr().err


@pytest.mark.parametrize("tool", [main, story_main])
def test_a_place_that_is_taken_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tool: Tool
) -> None:
    def draw(*_: object) -> None:
        pytest.fail("drawn in vain")

    monkeypatch.setattr("samwise.world.generate", draw)
    monkeypatch.setattr("samwise.world.story.demo_story", draw)
    (tmp_path / "diary").mkdir()
    (tmp_path / "diary" / "june.txt").touch()
    assert tool([str(tmp_path / "diary"), "--overwrite"]) == 1
    assert "june.txt" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "diary").iterdir()] == ["june.txt"]
