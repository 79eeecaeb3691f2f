"""One damaged message costs the demo that message."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from odd_bags import START, Topic, sentence, write_mcap
from recordings import HEIGHT, WIDTH, Answer, write_answers, write_story

from samwise_ros.bags.reader import open_bag
from samwise_ros.report.results import read_frames, read_results
from samwise_ros.report.scenario import Scenario, read_scenario

CAMERA, PICTURES = "/camera/image", "/camera/image/compressed"


def rewritten(folder: Path, change: Callable[[str, int, bytes], bytes]) -> Path:
    """The tiny story with some messages changed: given topic, number on that topic, and bytes."""
    write_story(folder / "whole.mcap", 8)
    counts: dict[str, int] = {}
    messages = []
    with open_bag(folder / "whole.mcap") as bag:
        for connection, time, data in bag.messages():
            number = counts[connection.topic] = counts.get(connection.topic, -1) + 1
            topic = Topic(connection.topic, connection.msgtype, connection.msgdef.data)
            messages.append((topic, time, change(connection.topic, number, data)))
    write_mcap(folder / "changed.mcap", messages)
    return folder / "changed.mcap"


def frame_stamps(scenario: Scenario, folder: Path) -> list[int]:
    answers = [Answer(s, np.zeros((HEIGHT, WIDTH), bool), "the red square", 10.0) for s in scenario.stamps]
    write_answers(folder / "output.mcap", answers)
    results = read_results(folder / "output.mcap", 0)
    return [frame.stamp_ns for frame in read_frames(scenario, folder / "output.mcap", results, 0)]


def test_a_damaged_picture_is_not_in_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rewritten(
        tmp_path, lambda t, n, data: data[:-100] + bytes(100) if (t, n) == (PICTURES, 2) else data
    )
    scenario = read_scenario(path, CAMERA)
    assert len(scenario.stamps) == 8
    stamps = frame_stamps(scenario, tmp_path)
    assert stamps == [stamp for number, stamp in enumerate(scenario.stamps) if number != 2]
    assert "the picture at 0.133 s is not in the report" in capsys.readouterr().err


def test_a_picture_without_a_stamp_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rewritten(tmp_path, lambda t, n, data: data[:6] if (t, n) == (PICTURES, 2) else data)
    scenario = read_scenario(path, CAMERA)
    assert len(scenario.stamps) == 7
    assert frame_stamps(scenario, tmp_path) == list(scenario.stamps)
    assert "a message is left out" in capsys.readouterr().err


def test_a_damaged_sentence_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rewritten(tmp_path, lambda t, n, data: data[:7] if (t, n) == ("/expression", 1) else data)
    assert [text for _, text in read_scenario(path, CAMERA).sentences] == ["the red square"]
    assert "a sentence is left out" in capsys.readouterr().err


def test_another_type_under_the_name_is_something_else(tmp_path: Path) -> None:
    other = Topic("/expression", "std_msgs/msg/Bool", "bool data\n")
    path = rewritten(tmp_path, lambda t, n, data: data)
    with open_bag(path) as bag:
        messages = [
            (Topic(c.topic, c.msgtype, c.msgdef.data), time, data) for c, time, data in bag.messages()
        ]
    write_mcap(tmp_path / "b.mcap", [*messages, (other, START, sentence("x"))])
    assert len(read_scenario(tmp_path / "b.mcap", CAMERA).sentences) == 2
