"""`make demo` in small: recording, player, segmenter and recorder, all of them real processes."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from recordings import HEIGHT, WIDTH, read_all, write_story

from samwise.video.metrics import region_similarity
from samwise.world.story import Story
from samwise_ros.messages.stamps import nanoseconds

#: A bound, not an expectation.
PATIENCE_S = 180.0
LENGTH = 45


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, Path]:
    path = tmp_path_factory.mktemp("story") / "story.mcap"
    return write_story(path, LENGTH), path


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "samwise_ros.demo.run", *map(str, arguments)]


@pytest.fixture(scope="module")
def output(
    ros: None,
    story: tuple[Story, Path],
    seeded_checkpoint: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The output folder of one run."""
    folder = tmp_path_factory.mktemp("demo_output")
    done = subprocess.run(
        command("--bag", story[1], "--checkpoint", seeded_checkpoint, "--output", folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(folder / "overlay.mp4") in done.stdout
    return folder


def stamps(path: Path, topic: str) -> list[int]:
    return [nanoseconds(message.header.stamp) for _, message in read_all(path, topic)]


def test_every_picture_is_accounted_for(output: Path) -> None:
    summary = json.loads((output / "summary.json").read_text())
    assert summary["frames_in"] == LENGTH
    assert summary["masks_out"] == len(stamps(output / "output.mcap", "/segmenter/mask")) > 0
    assert summary["masks_out"] + summary["dropped"] == LENGTH


def test_masks_carry_stamps_of_pictures_and_are_mono8(output: Path) -> None:
    recording = output / "output.mcap"
    shown = stamps(recording, "/camera/image/compressed")
    assert len(shown) == LENGTH
    masks = read_all(recording, "/segmenter/mask")
    assert {nanoseconds(mask.header.stamp) for _, mask in masks} <= set(shown)
    for _, mask in masks:
        assert (mask.encoding, mask.width, mask.height, mask.step) == ("mono8", WIDTH, HEIGHT, WIDTH)
        assert mask.header.frame_id == "camera_optical_frame"
        assert set(np.unique(mask.data)) <= {0, 255}
    assert stamps(recording, "/segmenter/target") == stamps(recording, "/segmenter/mask")


def test_after_a_new_sentence_nothing_is_heard_of_the_old_one(output: Path) -> None:
    states = [message for _, message in read_all(output / "output.mcap", "/segmenter/target")]
    assert stamps(output / "output.mcap", "/segmenter/target") == sorted(
        stamps(output / "output.mcap", "/segmenter/target")
    )
    # Each of them once, without a return.
    assert [sentence for sentence, _ in itertools.groupby(state.expression for state in states)] == [
        "the red square",
        "the blue square",
    ]


def test_the_mean_iou_is_that_of_the_recorded_masks(output: Path, story: tuple[Story, Path]) -> None:
    shown = stamps(output / "output.mcap", "/camera/image/compressed")
    truth = dict(zip(shown, story[0].masks, strict=True))
    overlaps = [
        region_similarity(mask.data.reshape(HEIGHT, WIDTH) > 0, truth[nanoseconds(mask.header.stamp)])
        for _, mask in read_all(output / "output.mcap", "/segmenter/mask")
    ]
    summary = json.loads((output / "summary.json").read_text())
    assert summary["mean_iou"] == pytest.approx(np.mean(overlaps), abs=1e-4)


def test_events_lie_in_the_run_and_reach_their_threshold(output: Path) -> None:
    summary = json.loads((output / "summary.json").read_text())
    events = read_all(output / "output.mcap", "/segmenter/target_switched")
    assert len(summary["events"]) == len(events)
    for event in summary["events"]:
        assert 0 <= event["time_s"] < LENGTH / 15
        assert event["threshold"] <= event["probability"] <= 1


def test_latency_is_measured_against_the_stamps_of_now(output: Path) -> None:
    latency = json.loads((output / "summary.json").read_text())["latency_ms"]
    # An hour would be the age of the recording, and a negative one a stamp in the future.
    assert 0 < latency["p50"] <= latency["p95"] < 3_600_000


def test_the_pictures_are_there(output: Path) -> None:
    assert (output / "overlay.mp4").stat().st_size > 1000
    assert (output / "contact_sheet.png").stat().st_size > 1000


def children_of(output: Path) -> list[str]:
    """Command lines of processes that write to an output folder or read its recording."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(output) in line:
            found.append(line)
    return found


@pytest.fixture
def running(
    ros: None, story: tuple[Story, Path], seeded_checkpoint: Path, tmp_path: Path
) -> Iterator[subprocess.Popen[str]]:
    """A demo whose recorder has begun to write, in a process group of its own."""
    process = subprocess.Popen(
        command("--bag", story[1], "--checkpoint", seeded_checkpoint, "--output", tmp_path / "out"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE_S
    log = tmp_path / "out" / "recorder.log"
    while not (log.exists() and "recording /segmenter/mask" in log.read_text()):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_every_process(
    running: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    # What a terminal does: the signal goes to the whole foreground group.
    os.killpg(running.pid, number)
    output, _ = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 128 + number, output
    assert "interrupted; all processes have ended" in output
    assert children_of(tmp_path / "out") == []


def test_a_segmenter_that_cannot_start_is_told_at_once(
    ros: None, story: tuple[Story, Path], tmp_path: Path
) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"no weights")
    done = subprocess.run(
        command(
            "--bag", story[1], "--checkpoint", tmp_path / "broken.safetensors", "--output", tmp_path / "out"
        ),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 1
    assert "the segmenter gave up" in done.stderr
    assert "broken.safetensors" in done.stderr
    assert children_of(tmp_path / "out") == []


def test_the_miniature_that_ships_follows_the_recording_that_ships(ros: None, tmp_path: Path) -> None:
    done = subprocess.run(
        command("--output", tmp_path / "out"), capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["mean_iou"] >= 0.5
    for sentence in summary["sentences"]:
        # Not one of them at the expense of the other.
        assert sentence["masks"] > 0 and sentence["mean_iou"] >= 0.5, sentence
