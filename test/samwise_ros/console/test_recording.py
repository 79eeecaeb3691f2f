from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from samwise_ros.console import recording as module
from samwise_ros.console.errors import Refused
from samwise_ros.console.graph import Offer
from samwise_ros.console.recording import Recording


class Watch:
    name = "/front/segmenter"
    viewed: str | None = None
    offer = Offer(
        image_topic="/camera/image",
        expression_topic="/say",
        image_topics={"/camera/image/compressed": "sensor_msgs/msg/CompressedImage"},
    )


class Process:
    """Records how it was started."""

    started: list[list[str]]
    code = 0

    def __init__(self, name: str, module: str, arguments: list[str], log: Path | None = None) -> None:
        self.running = True
        Process.started.append([module, *arguments])

    def end(self) -> int:
        self.running = False
        return Process.code

    def last_words(self) -> str:
        return " the disk is full"


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> type[Process]:
    Process.started, Process.code = [], 0
    monkeypatch.setattr(module, "Process", Process)
    return Process


def make(folder: Path, watch: Any = None) -> Recording:
    return Recording(folder / "recordings", watch or Watch())  # type: ignore[arg-type]


def test_the_topics_of_the_node_are_recorded_with_compressed_pictures(
    tmp_path: Path, process: type[Process]
) -> None:
    recording = make(tmp_path)
    recording.start()
    assert recording.running and recording.place is not None
    ((tool, file, *topics),) = process.started
    assert tool == "samwise_ros.bags.record"
    assert Path(file).parent == recording.place and recording.place.parent == tmp_path / "recordings"
    assert topics[:3] == ["/camera/image/compressed", "/front/segmenter/mask", "/front/segmenter/target"]
    assert "/say" in topics


def test_one_at_a_time(tmp_path: Path) -> None:
    recording = make(tmp_path)
    with pytest.raises(Refused, match="no recording is running"):
        recording.stop()
    with pytest.raises(Refused, match="no recording to report on"):
        recording.report()
    recording.start()
    with pytest.raises(Refused, match="not done yet"):
        recording.start()
    with pytest.raises(Refused, match="not done yet"):
        recording.report()
    recording.stop()
    assert not recording.running


def test_a_recorder_that_failed_is_told(tmp_path: Path, process: type[Process]) -> None:
    recording = make(tmp_path)
    recording.start()
    process.code = 1
    with pytest.raises(Refused, match="the disk is full"):
        recording.stop()


def test_without_pictures_or_place_there_is_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Watch()
    nothing.offer = Offer()
    with pytest.raises(Refused, match="no pictures"):
        make(tmp_path, nothing).start()
    (tmp_path / "recordings").write_text("a file")
    with pytest.raises(Refused, match="no place"):
        make(tmp_path).start()
    (tmp_path / "recordings").unlink()
    monkeypatch.setattr(module, "ENOUGH_BYTES", 1 << 60)
    with pytest.raises(Refused, match="make room first"):
        make(tmp_path).start()
    assert not list((tmp_path / "recordings").iterdir())


def test_only_the_files_of_the_report_are_served(tmp_path: Path) -> None:
    recording = make(tmp_path)
    recording.start()
    recording.stop()
    assert recording.place is not None and recording.results == ()
    for name in ("summary.json", "recorder.log"):
        (recording.place / name).write_text("{}")
    assert recording.results == ("summary.json",)
    assert Path(recording._file("summary.json").path) == recording.place / "summary.json"
    for name in ("recorder.log", "output.mcap", "../secret", "/etc/passwd", ""):
        with pytest.raises(HTTPException):
            recording._file(name)
