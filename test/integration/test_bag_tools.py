"""play_bag and record_bag as processes of their own, with DDS between them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from integration.bag_tool import PATIENCE_S, Tool
from integration.segmenter_process import Client
from recordings import HEIGHT, WIDTH, read_all, write_story
from rosbags.interfaces import QosDurability
from std_msgs.msg import String

from samwise.world.story import Story
from samwise_ros.bags.reader import open_bag, stored_qos
from samwise_ros.messages.stamps import nanoseconds

IMAGE, EXPRESSION, TRUTH = "/camera/image", "/expression", "/ground_truth/mask"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return write_story(tmp_path / "in.mcap", 10)


def test_what_is_played_is_what_is_recorded(start: Callable[..., Tool], story: Story, tmp_path: Path) -> None:
    recorder = start("record", tmp_path / "out.mcap", IMAGE, EXPRESSION, TRUTH, "--compress")
    before = time.time_ns()
    player = start(
        "play",
        tmp_path / "in.mcap",
        "--restamp",
        *("--report", tmp_path / "report.json"),
        *("--wait-for-subscribers", IMAGE, EXPRESSION, TRUTH),
    )
    code, output = player.wait()
    assert code == 0, output
    code, output = recorder.interrupt()
    assert code == 0, output
    assert f"{IMAGE} 10, {EXPRESSION} 2, {TRUTH} 10" in output

    report = json.loads((tmp_path / "report.json").read_text())
    assert report["published"] == {IMAGE: 10, EXPRESSION: 2, TRUTH: 10}
    sent = [nanoseconds(mask.header.stamp) for _, mask in read_all(tmp_path / "in.mcap", TRUTH)]
    masks = read_all(tmp_path / "out.mcap", TRUTH)
    images = read_all(tmp_path / "out.mcap", IMAGE)
    for topic in (masks, images):
        stamps = [nanoseconds(message.header.stamp) for _, message in topic]
        assert stamps == [stamp + report["stamp_offset_ns"] for stamp in sent]
    assert before < nanoseconds(images[0][1].header.stamp) < time.time_ns()
    for (_, mask), truth in zip(masks, story.masks, strict=True):
        np.testing.assert_array_equal(mask.data.reshape(HEIGHT, WIDTH) > 0, truth)
    assert [message.data for _, message in read_all(tmp_path / "out.mcap", EXPRESSION)] == [
        sentence for _, sentence in story.cues
    ]
    # The sentence for a frame went out before the frame, here as in the recording.
    times = [time for time, _ in read_all(tmp_path / "out.mcap", EXPRESSION)]
    assert times[0] < images[0][0]
    assert times[1] < images[story.cues[1][0]][0]


def test_latched_topics_stay_latched(start: Callable[..., Tool], story: Story, tmp_path: Path) -> None:
    recorder = start("record", tmp_path / "out.mcap", EXPRESSION)
    player = start("play", tmp_path / "in.mcap", "--wait-for-subscribers", EXPRESSION)
    assert player.wait()[0] == 0
    assert recorder.interrupt()[0] == 0
    with open_bag(tmp_path / "out.mcap") as reader:
        [connection] = reader.connections
        assert [qos.durability for qos in stored_qos(connection)] == [QosDurability.TRANSIENT_LOCAL]


def test_a_start_in_the_middle_tells_the_sentence_of_that_time(
    start: Callable[..., Tool], story: Story, tmp_path: Path
) -> None:
    recorder = start("record", tmp_path / "out.mcap", EXPRESSION, IMAGE)
    # Both sentences lie before 0.6 s: only the later one still holds.
    player = start("play", tmp_path / "in.mcap", "--start", 0.6, "--wait-for-subscribers", EXPRESSION, IMAGE)
    assert player.wait()[0] == 0
    assert recorder.interrupt()[0] == 0
    assert [m.data for _, m in read_all(tmp_path / "out.mcap", EXPRESSION)] == ["the blue square"]
    assert len(read_all(tmp_path / "out.mcap", IMAGE)) == 1


def test_the_clock_runs_with_the_recording(start: Callable[..., Tool], story: Story, tmp_path: Path) -> None:
    recorder = start("record", tmp_path / "out.mcap", "/clock", TRUTH)
    player = start("play", tmp_path / "in.mcap", "--clock", 50, "--wait-for-subscribers", TRUTH)
    assert player.wait()[0] == 0
    assert recorder.interrupt()[0] == 0
    sent = [nanoseconds(mask.header.stamp) for _, mask in read_all(tmp_path / "in.mcap", TRUTH)]
    ticks = [nanoseconds(message.clock) for _, message in read_all(tmp_path / "out.mcap", "/clock")]
    assert ticks == sorted(ticks)
    assert sent[0] - 10**8 < ticks[0] and ticks[-1] <= sent[-1]
    assert set(np.diff(ticks)) <= {n * 20_000_000 for n in range(1, 50)}


def test_looping_goes_on_until_ctrl_c(
    start: Callable[..., Tool], client: Client, story: Story, tmp_path: Path
) -> None:
    heard: list[String] = []
    client.node.create_subscription(String, "/said", heard.append, 10)
    player = start(
        "play",
        tmp_path / "in.mcap",
        *("--loop", "--topics", EXPRESSION, "--remap", f"{EXPRESSION}:=/said"),
        *("--report", tmp_path / "report.json", "--wait-for-subscribers", "/said"),
    )
    client.wait_until(lambda: len(heard) >= 3, "the second round", PATIENCE_S)
    code, output = player.interrupt()
    assert code == 0, output
    assert [message.data for message in heard[:3]] == ["the red square", "the blue square", "the red square"]
    assert json.loads((tmp_path / "report.json").read_text())["published"]["/said"] >= 3


def test_ctrl_c_before_a_loop_has_begun_is_quiet(
    start: Callable[..., Tool], client: Client, story: Story, tmp_path: Path
) -> None:
    player = start("play", tmp_path / "in.mcap", "--loop", "--quiet", "--wait-for-subscribers", IMAGE)
    client.wait_until(lambda: client.node.count_publishers(IMAGE) > 0, "the player", PATIENCE_S)
    assert player.interrupt() == (130, "")


def test_waiting_for_nobody_ends_with_a_reason(
    start: Callable[..., Tool], story: Story, tmp_path: Path
) -> None:
    player = start("play", tmp_path / "in.mcap", "--wait-for-subscribers", IMAGE, "--wait-timeout", 0.2)
    code, output = player.wait()
    assert code == 1
    assert f"nobody subscribed to {IMAGE} within 0.2 s" in output


def test_a_recording_is_complete_although_a_topic_never_came(
    start: Callable[..., Tool], story: Story, tmp_path: Path
) -> None:
    recorder = start("record", tmp_path / "out.mcap", EXPRESSION, "/never")
    assert start("play", tmp_path / "in.mcap", "--wait-for-subscribers", EXPRESSION).wait()[0] == 0
    code, output = recorder.interrupt()
    assert code == 1
    assert "nobody published /never" in output
    assert len(read_all(tmp_path / "out.mcap", EXPRESSION)) == 2
