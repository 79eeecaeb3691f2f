"""Every command ends quietly, with a shell's 141, when nobody reads what it prints: `samwise info | head`."""

from __future__ import annotations

import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

import pytest

import samwise
import samwise_ros
from samwise import cli

pytestmark = pytest.mark.slow

BROKEN_PIPE = 128 + signal.SIGPIPE
#: A bound, not an expectation.
PATIENCE_S = 120.0
#: A node goes on without whoever read its log, and has parameters in place of options.
NODES = ("samwise_ros.segmenter.__main__", "samwise_ros.listener.node")


def modules_that_run() -> Iterator[str]:
    """What `python -m` runs, in both packages."""
    for package in (samwise, samwise_ros):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            spec = find_spec(module.name)
            if spec is None or spec.origin is None or module.name in NODES:
                continue
            if '\nif __name__ == "__main__":' in Path(spec.origin).read_text(encoding="utf-8"):
                yield module.name.removesuffix(".__main__")


@pytest.fixture
def unread() -> Iterator[TextIO]:
    """A pipe whose reader has gone."""
    read, write = os.pipe()
    os.close(read)
    # What stays in the buffer would fail when the stream is closed.
    with open(write, "w", closefd=False) as stream:
        yield stream
    os.close(write)


@pytest.mark.parametrize("module", modules_that_run())
def test_the_help_of_every_module(module: str, unread: TextIO) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        stdout=unread,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
        # The output waits in a buffer until the interpreter ends.
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )
    assert (done.returncode, done.stderr) == (BROKEN_PIPE, "")


@pytest.mark.parametrize("name", cli.commands())
def test_the_help_of_every_subcommand(
    name: str, unread: TextIO, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # In this process, which has loaded torch already.
    monkeypatch.setattr(sys, "stdout", unread)
    assert cli.main([name, "--help"]) == BROKEN_PIPE
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_command_that_prints(unbuffered: str, unread: TextIO) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "samwise.commands.world", "--videos", "1", "--frames", "1"],
        stdout=unread,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert (done.returncode, done.stderr) == (BROKEN_PIPE, "")


def test_a_bar_that_nobody_sees(unread: TextIO, tmp_path: Path) -> None:
    words = ["--videos", "1", "--frames", "1", "--export", str(tmp_path / "exported")]
    done = subprocess.run(
        [sys.executable, "-m", "samwise.commands.world", *words],
        stdout=unread,
        stderr=unread,
        timeout=PATIENCE_S,
    )
    assert done.returncode == BROKEN_PIPE
