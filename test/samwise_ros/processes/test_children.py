import os
import signal
import time
from pathlib import Path

import pytest

from samwise_ros.processes import children as processes_module
from samwise_ros.processes.children import Process, Processes
from samwise_ros.processes.errors import ProcessError

#: A bound, not an expectation.
PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that children can run with `python -m`."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "fails.py").write_text("print('first\\nsecond')\nraise SystemExit(3)\n")
    (tmp_path / "works.py").write_text("print('done')\n")
    for name, handling in (("obeys", "default_int_handler"), ("deaf", "SIG_IGN")):
        (tmp_path / f"{name}.py").write_text(
            "import signal, time\n"
            f"signal.signal(signal.SIGINT, signal.{handling})\n"
            "print('ready', flush=True)\n"
            "time.sleep(600)\n"
        )


def wait_for_log(log: Path, text: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while text not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.01)


def wait_for_end(process: Process) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while process.running:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_last_words_of_a_failed_process_are_told(tmp_path: Path) -> None:
    process = Process("the player", "fails", [], tmp_path / "log")
    wait_for_end(process)
    with pytest.raises(ProcessError, match=r"the player ended with exit code 3\n  \| first\n  \| second\n"):
        process.check_running()
    with pytest.raises(ProcessError):
        process.check_success()


def test_a_process_that_did_its_work_is_a_success_and_no_longer_running(tmp_path: Path) -> None:
    process = Process("the player", "works", [], tmp_path / "log")
    wait_for_end(process)
    process.check_success()
    with pytest.raises(ProcessError, match="exit code 0"):
        process.check_running()


def test_leaving_the_block_interrupts_what_runs(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Processes() as processes:
        process = processes.start("one", "obeys", [], tmp_path / "log")
        wait_for_log(tmp_path / "log", "ready")
        raise RuntimeError
    assert not process.running
    assert "KeyboardInterrupt" in (tmp_path / "log").read_text()


def test_a_process_that_is_deaf_to_sigint_ends_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes_module, "ENDINGS", ((signal.SIGINT, 0.1), (signal.SIGTERM, PATIENCE_S)))
    process = Process("one", "deaf", [], tmp_path / "log")
    wait_for_log(tmp_path / "log", "ready")
    assert process.end() == -signal.SIGTERM


def test_ctrl_c_at_a_terminal_reaches_the_parent_alone(tmp_path: Path) -> None:
    # A terminal signals the foreground process group. The child must not be in it.
    process = Process("one", "obeys", [], tmp_path / "log")
    try:
        wait_for_log(tmp_path / "log", "ready")
        assert os.getpgid(process.pid) != os.getpgrp()
    finally:
        process.end()


def test_without_a_log_the_output_stays_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    process = Process("one", "works", [])
    wait_for_end(process)
    assert capfd.readouterr().out == "done\n"


def test_a_child_that_inherits_deafness_to_ctrl_c_is_not_asked_that_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Far longer than the bound of the test: Ctrl-C would be waited for in vain.
    monkeypatch.setattr(processes_module, "ENDINGS", ((signal.SIGINT, 600.0), (signal.SIGTERM, PATIENCE_S)))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = Process("a child", "deaf", [], tmp_path / "log")
    finally:
        signal.signal(signal.SIGINT, before)
    wait_for_log(tmp_path / "log", "ready")
    assert process.end() == -signal.SIGTERM
