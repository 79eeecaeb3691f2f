"""From the two recordings to what lies in the output folder."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from recordings import HEIGHT, WIDTH, Answer, write_answers, write_story

from samwise.world.story import Story
from samwise_ros.bags.story_to_bag import story_to_bag
from samwise_ros.report.played import Played
from samwise_ros.report.results import read_frames, read_results
from samwise_ros.report.scenario import Scenario, read_scenario
from samwise_ros.report.write import headline, write_report

#: The player moved the stamps by this much.
OFFSET = 3_000_000_007


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return write_story(tmp_path / "story.mcap", 8)


@pytest.fixture
def scenario(tmp_path: Path, story: Story) -> Scenario:
    return read_scenario(tmp_path / "story.mcap", "/camera/image")


def answer(
    scenario: Scenario, path: Path, masks: dict[int, np.ndarray], switched: tuple[int, ...] = ()
) -> None:
    """Let a segmenter answer the frames that `masks` has, the later ones more slowly."""
    write_answers(
        path,
        [
            Answer(
                scenario.stamps[index] + OFFSET,
                mask,
                scenario.sentence_at(scenario.stamps[index]),
                latency_ms=10.0 * (index + 1),
                switched=index in switched,
            )
            for index, mask in masks.items()
        ],
    )


def test_frames_are_joined_by_stamp(tmp_path: Path, scenario: Scenario, story: Story) -> None:
    answer(scenario, tmp_path / "output.mcap", {index: story.masks[index] for index in (1, 2, 5)})
    results = read_results(tmp_path / "output.mcap", OFFSET)
    frames = list(read_frames(scenario, tmp_path / "output.mcap", results, OFFSET))
    assert [frame.stamp_ns for frame in frames] == list(scenario.stamps)
    assert [index for index, frame in enumerate(frames) if frame.mask is not None] == [1, 2, 5]
    assert [frame.iou for frame in frames] == [None, 1.0, 1.0, None, None, 1.0, None, None]
    for frame, truth in zip(frames, story.masks, strict=True):
        np.testing.assert_array_equal(frame.truth, truth)


@pytest.mark.slow
def test_the_numbers_of_a_run_with_drops(tmp_path: Path, scenario: Scenario, story: Story) -> None:
    # Frames 0 and 1 are right, 4 is empty and so wrong, 6 and 7 cover twice the target.
    wide = {index: story.masks[index] | np.roll(story.masks[index], 16, axis=1) for index in (6, 7)}
    masks = {0: story.masks[0], 1: story.masks[1], 4: np.zeros((HEIGHT, WIDTH), bool), **wide}
    answer(scenario, tmp_path / "output.mcap", masks, switched=(6,))
    summary = write_report(scenario, tmp_path, Played(images=8, offset_ns=OFFSET))
    assert summary == json.loads((tmp_path / "summary.json").read_text())
    assert (summary["frames_in"], summary["masks_out"], summary["dropped"]) == (8, 5, 3)
    assert summary["latency_ms"] == {"p50": 50.0, "p95": 78.0}
    assert summary["mean_iou"] == pytest.approx((1 + 1 + 0 + 0.5 + 0.5) / 5)
    [event] = summary["events"]
    assert event["time_s"] == pytest.approx(6 / 15, abs=1e-3)
    assert event["expression"] == "the blue square"
    assert event["from_box"] == [1, 2, 3, 4]
    assert [(s["expression"], s["frames"], s["masks"]) for s in summary["sentences"]] == [
        ("the red square", 4, 2),
        ("the blue square", 4, 3),
    ]
    assert [s["mean_iou"] for s in summary["sentences"]] == [1.0, pytest.approx(1 / 3, abs=1e-4)]
    assert "3 dropped" in headline(summary)


def test_two_empty_masks_agree(tmp_path: Path, scenario: Scenario, story: Story) -> None:
    story.masks[:] = False
    (tmp_path / "story.mcap").unlink()
    story_to_bag(story, tmp_path / "story.mcap")
    answer(scenario, tmp_path / "output.mcap", {0: story.masks[0]})
    assert write_report(scenario, tmp_path, Played(8, OFFSET))["mean_iou"] == 1.0


@pytest.mark.slow
def test_the_video_has_every_frame_and_plays(tmp_path: Path, scenario: Scenario, story: Story) -> None:
    answer(scenario, tmp_path / "output.mcap", dict(enumerate(story.masks)))
    write_report(scenario, tmp_path, Played(8, OFFSET))
    capture = cv2.VideoCapture(str(tmp_path / "overlay.mp4"))
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(story.fps, abs=0.01)
    frames = 0
    while capture.read()[0]:
        frames += 1
    assert frames == 8
    sheet = cv2.imread(str(tmp_path / "contact_sheet.png"))
    assert sheet is not None and sheet.shape[1] > 1000


def test_a_run_without_masks_is_told_and_not_a_crash(tmp_path: Path, scenario: Scenario) -> None:
    answer(scenario, tmp_path / "output.mcap", {})
    summary: dict[str, Any] = write_report(scenario, tmp_path, Played(8, OFFSET))
    assert (summary["masks_out"], summary["dropped"], summary["mean_iou"]) == (0, 8, None)
    assert summary["latency_ms"] == {"p50": None, "p95": None}
    assert not (tmp_path / "contact_sheet.png").exists()
