"""Ends of real processes: exit codes and what they print are what a shell and a person see."""

import os
import shlex
import signal
import subprocess
import sys

import pytest

from samwise.errors import SamwiseError
from samwise.shell.ending import run_command

pytestmark = pytest.mark.slow

HEAD = """
import os, signal, sys, threading
from samwise.shell.ending import run_command
"""


def run(body: str, **options) -> subprocess.CompletedProcess:
    code = HEAD + body + "\nsys.exit(run_command('tool', body))\n"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, **options)


@pytest.mark.parametrize("name, code", [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_a_command_quietly(name, code):
    done = run(
        f"def body():\n    os.kill(os.getpid(), signal.{name})\n    threading.Event().wait(30)\n    return 0"
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_a_signal_that_surfaces_as_another_error_ends_quietly_too():
    done = run(
        "def body():\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGINT)\n        threading.Event().wait(30)\n"
        "    except KeyboardInterrupt:\n        raise ImportError('half imported')\n"
    )
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize("name, code", [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_that_comes_in_a_finalizer_ends_it_quietly_too(name, code):
    done = run(
        "class Group:\n    def __del__(self):\n"
        f"        os.kill(os.getpid(), signal.{name})\n        list(range(9))\n"
        "def body():\n    Group()\n    threading.Event().wait(20)\n    return 0"
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_other_errors_of_finalizers_are_told_as_usual():
    done = run(
        "class Group:\n    def __del__(self):\n        raise ValueError('in a finalizer')\n"
        "def body():\n    Group()\n    return 0"
    )
    assert done.returncode == 0 and "in a finalizer" in done.stderr


def test_what_nohup_ignores_stays_ignored():
    done = run(
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "def body():\n    os.kill(os.getpid(), signal.SIGHUP)\n    print('on')\n    return 0"
    )
    assert (done.returncode, done.stdout) == (0, "on\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_ends_it_quietly(unbuffered):
    code = (
        HEAD
        + "def body():\n    while True:\n        print('line' * 1000)\nsys.exit(run_command('tool', body))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    process.stdout.read(10)
    process.stdout.close()
    error = process.stderr.read()
    assert (process.wait(60), error) == (128 + signal.SIGPIPE, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "words, code, said", [(["--help"], 128 + signal.SIGPIPE, ""), (["--odd"], 2, "unrecognized arguments")]
)
def test_help_that_nobody_reads_ends_quietly_and_a_refusal_stays_one(words, code, said, unbuffered):
    body = f"def body():\n    import argparse\n    argparse.ArgumentParser().parse_args({words})\n"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", f"{HEAD}{body}sys.exit(run_command('tool', body))"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(write)
    assert done.returncode == code
    assert said in done.stderr if said else done.stderr == ""


@pytest.mark.parametrize("lines", [1, 100_000])
def test_output_for_a_full_disk_is_one_line(lines):
    code = (
        HEAD
        + f"def body():\n    print('line\\n' * {lines})\n    return 0\nsys.exit(run_command('tool', body))"
    )
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "tool: cannot write the output (No space left on device); make room, or send it elsewhere"
    ]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("body, code", [("print('x')\n    return 0", 0), ("raise ValueError('x')", 2)])
def test_closed_streams_change_nothing(closed, body, code, tmp_path):
    script = tmp_path / "tool.py"
    script.write_text(
        HEAD + f"def body():\n    {body}\nsys.exit(run_command('tool', body, errors=(ValueError,)))"
    )
    done = subprocess.run(
        f"{shlex.join([sys.executable, str(script)])} {closed}", shell=True, capture_output=True
    )
    assert done.returncode == code and b"Traceback" not in done.stderr


def test_somebody_elses_broken_pipe_is_an_error():
    done = run("def body():\n    raise BrokenPipeError('of a child')")
    assert done.returncode == 1
    assert "of a child" in done.stderr


def test_a_known_error_is_one_line(capsys):
    def body() -> int:
        raise SamwiseError("value 3 is odd; use 4")

    assert run_command("tool", body) == 2
    assert capsys.readouterr().err == "tool: value 3 is odd; use 4\n"


def test_an_unknown_error_keeps_its_traceback():
    def body() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_command("tool", body)


def test_handlers_are_given_back():
    before = signal.getsignal(signal.SIGTERM)
    assert run_command("tool", lambda: 7) == 7
    assert signal.getsignal(signal.SIGTERM) is before
