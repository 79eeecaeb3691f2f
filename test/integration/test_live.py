"""`make live` without a browser: it comes up, serves its page, and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from integration.segmenter_process import END_S, START_S
from ports import free_port

Live = subprocess.Popen[str]


@pytest.fixture
def start(ros: None, tmp_path: Path) -> Iterator[Callable[..., Live]]:
    """Starts it as `make` does, in a process group of its own, like a terminal."""
    started: list[Live] = []

    def start(*arguments: object, **variables: str) -> Live:
        # NiceGUI behaves differently where it finds those of pytest.
        inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "samwise_ros.console.live", *map(str, arguments)],
                stdout=(tmp_path / "log.txt").open("w"),
                stderr=subprocess.STDOUT,
                text=True,
                cwd=tmp_path,
                env=inherited | variables,
                start_new_session=True,
            )
        )
        return started[-1]

    yield start
    for live in started:
        if live.poll() is None:
            live.send_signal(signal.SIGINT)
            live.wait(END_S)


def log_of(folder: Path) -> str:
    return (folder / "log.txt").read_text()


def children_in(folder: Path) -> list[str]:
    """Command lines of processes that work in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if entry.joinpath("cwd").readlink() == folder:
                found.append(entry.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_one_command_starts_all_of_it_and_ends_all_of_it(
    start: Callable[..., Live], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    port = free_port()
    live = start("--port", port, SCENE="world")
    end = time.monotonic() + START_S
    while f"open http://127.0.0.1:{port}/" not in log_of(tmp_path):
        assert live.poll() is None and time.monotonic() < end, log_of(tmp_path)
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=START_S) as page:
        assert "samwise" in page.read().decode()
    # What Ctrl-C at a terminal does.
    os.killpg(live.pid, number)
    assert live.wait(END_S) == code, log_of(tmp_path)
    assert children_in(tmp_path) == []
    assert "Traceback" not in log_of(tmp_path)


def test_a_scene_that_is_not_there_is_told_and_nothing_stays(
    start: Callable[..., Live], tmp_path: Path
) -> None:
    live = start("--port", free_port(), "--scene", "nothing.mp4")
    assert live.wait(START_S) == 1
    assert "nothing.mp4" in log_of(tmp_path)
    assert children_in(tmp_path) == []
