"""Worker processes, seen from a parent that is a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from samwise.errors import SamwiseError
from samwise.shell.workers import Workers

pytestmark = pytest.mark.slow

BOUND_S = 60.0

PARENT = """
import os, sys, time
from samwise.shell.ending import run_command
from samwise.shell.workers import Workers

def work(number):
    print(os.getpid(), flush=True)
    time.sleep(600)

def body():
    with Workers(2) as pool:
        for call in [pool.submit(work, n) for n in range(4)]:
            call.result()
    return 0

if __name__ == "__main__":
    sys.exit(run_command("test", body))
"""


@pytest.fixture
def parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    children = [int(process.stdout.readline()) for _ in range(2)]
    yield process, children
    process.kill()
    process.communicate()


def running(pid):
    """Whether a process runs; one that has ended and that nobody asked about has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def wait_until_gone(pid):
    deadline = time.monotonic() + BOUND_S
    while running(pid):
        assert time.monotonic() < deadline, f"{pid} outlives its parent"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_group_ends_all_quietly(parent, number):
    process, children = parent
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=BOUND_S)
    assert (process.returncode, said) == (128 + number, "")
    for child in children:
        wait_until_gone(child)


def test_children_of_a_parent_that_was_killed_end(parent):
    process, children = parent
    process.kill()
    for child in children:
        wait_until_gone(child)


def test_work_is_done_and_answers_come_back():
    with Workers(2) as pool:
        assert [call.result() for call in [pool.submit(abs, -n) for n in range(3)]] == [0, 1, 2]


def test_a_worker_that_dies_is_one_line():
    with pytest.raises(SamwiseError, match="--workers"), Workers(1) as pool:
        pool.submit(os._exit, 1).result()
