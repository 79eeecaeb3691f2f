"""play_bag as a process of its own: what it says, what it reports, and how it ends."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from integration.bag_tool import PATIENCE_S, Tool
from integration.segmenter_process import Client
from odd_bags import START, Topic, sentence, sentences, write_mcap
from std_msgs.msg import String

SERVICE_EVENTS = Topic(
    "/go/_service_event",
    "std_srvs/srv/Trigger_Event",
    f"{'=' * 80}\nSRV: std_srvs/srv/Trigger\nbool success\n",
)


@pytest.fixture
def play(ros: None, tmp_path: Path) -> Iterator[Callable[..., Tool]]:
    """Starts the player, and leaves none behind."""
    players: list[Tool] = []

    def start(*arguments: object) -> Tool:
        players.append(Tool("play", *arguments, "--quiet", "--report", tmp_path / "report.json"))
        return players[-1]

    yield start
    for player in players:
        player.close()


def report(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_text())


def test_what_cannot_be_played_costs_one_line(play: Callable[..., Tool], tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [*sentences(5), (SERVICE_EVENTS, START, sentence("x"))])
    code, output = play(tmp_path / "a.mcap").wait()
    assert code == 0, output
    assert output.count("/go/_service_event") == 1
    assert report(tmp_path)["published"] == {"/said": 5}
    [left_out] = report(tmp_path)["left_out"]
    assert (left_out["topic"], left_out["count"]) == ("/go/_service_event", 1)


def test_what_was_asked_for_by_name_has_to_be_played(play: Callable[..., Tool], tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [*sentences(5), (SERVICE_EVENTS, START, sentence("x"))])
    code, output = play(tmp_path / "a.mcap", "--topics", "/said", "/go/_service_event").wait()
    assert code == 1
    assert "asked for, but not played: /go/_service_event" in output.splitlines()[-1]
    assert report(tmp_path)["published"] == {"/said": 5}


def test_of_a_file_that_was_cut_off_the_rest_is_played(play: Callable[..., Tool], tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(5))
    content = (tmp_path / "a.mcap").read_bytes()
    (tmp_path / "a.mcap").write_bytes(content[:-40])
    code, output = play(tmp_path / "a.mcap").wait()
    assert code == 1
    assert "5 messages can be read; `python -m samwise_ros.bags.repair" in output
    assert "Traceback" not in output
    assert report(tmp_path)["published"] == {"/said": 5}
    assert len(report(tmp_path)["faults"]) == 1


def test_several_files_are_played_as_one(play: Callable[..., Tool], tmp_path: Path) -> None:
    for part in range(3):
        write_mcap(tmp_path / f"a_{part}.mcap", sentences(2, start=START + part * 10**8))
    code, output = play(*(tmp_path / f"a_{part}.mcap" for part in (2, 0, 1)), "--rate", 10).wait()
    assert (code, output) == (0, "")
    assert report(tmp_path)["published"] == {"/said": 6}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_stopped_before_the_end_says_so_by_the_exit_code(
    play: Callable[..., Tool], client: Client, tmp_path: Path, number: signal.Signals
) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(2000))
    heard: list[String] = []
    subscription = client.node.create_subscription(String, "/said", heard.append, 10)
    player = play(tmp_path / "a.mcap", "--wait-for-subscribers", "/said")
    client.wait_until(lambda: len(heard) > 2, "the first messages", PATIENCE_S)
    assert player.interrupt(number) == (128 + number, "")
    assert 2 < report(tmp_path)["published"]["/said"] < 2000
    client.node.destroy_subscription(subscription)


def test_ctrl_c_while_waiting_for_subscribers_is_quiet(
    play: Callable[..., Tool], client: Client, tmp_path: Path
) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(2))
    player = play(tmp_path / "a.mcap", "--wait-for-subscribers", "/said")
    client.wait_until(lambda: client.node.count_publishers("/said"), "the player", PATIENCE_S)
    assert player.interrupt() == (130, "")


def test_a_report_that_cannot_be_written_is_told_before_playing(ros: None, tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", sentences(2000))
    code, output = Tool("play", tmp_path / "a.mcap", "--report", tmp_path / "gone" / "report.json").wait()
    assert code == 1
    assert len(output.splitlines()) == 1
    assert "there is no folder" in output
