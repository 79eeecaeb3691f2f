"""The page of the command line, out of what every command answers to `--help`."""

from __future__ import annotations

import os
import subprocess
import sys
from unittest import mock

from samwise import cli

INTRODUCTION = """# Command line

What every command answers to `--help`. The executables of `samwise_ros` run with ROS's own tool (`ros2
run samwise_ros play_bag ...`), and as Python modules where there is none (`python -m
samwise_ros.bags.play ...`). `segmenter` and `listener` are nodes that take [parameters](parameters.md)
in place of options.

Every command ends with 0 when what was asked for was done, with 1 when only a part of it was or it
failed, with 2 when it was asked for the wrong thing, and on signals with 130 (Ctrl-C), 143 (SIGTERM) or
129 (SIGHUP).
"""

#: Executables of setup.py that take options, and the modules they are in.
EXECUTABLES = {
    "live": "samwise_ros.console.live",
    "demo": "samwise_ros.demo.run",
    "console": "samwise_ros.console.server",
    "scene": "samwise_ros.console.scene.command",
    "play_bag": "samwise_ros.bags.play",
    "record_bag": "samwise_ros.bags.record",
    "repair_bag": "samwise_ros.bags.repair",
    "video_to_bag": "samwise_ros.bags.video_to_bag",
    "world_to_bag": "samwise_ros.bags.world_to_bag",
}
#: Executables of setup.py that are nodes without options.
NODES = {"segmenter", "listener"}
#: Lines of 100 characters, without colours.
AS_WRITTEN = {"COLUMNS": "100", "NO_COLOR": "1"}


def page() -> str:
    """Write the page in Markdown."""
    library = [_section(f"samwise {name}", "", help_of(name)) for name in cli.commands()]
    ros = [
        _section(name, f"`python -m {module}`\n\n", answer(module)) for name, module in EXECUTABLES.items()
    ]
    return "\n".join([INTRODUCTION, "## The library\n", *library, "## samwise_ros\n", *ros])


def help_of(name: str) -> str:
    """The help of a command of the library. All in this process: most of them import torch."""
    with mock.patch.dict(os.environ, AS_WRITTEN):
        return cli.parser_of(name).format_help()


def answer(module: str) -> str:
    """What an executable answers to `--help`."""
    command = [sys.executable, "-m", module, "--help"]
    environment = os.environ | AS_WRITTEN
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _section(title: str, call: str, text: str) -> str:
    return f"### {title}\n\n{call}```text\n{text.strip()}\n```\n"
