"""The `samwise` command."""

from __future__ import annotations

import argparse
import importlib
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from samwise.shell.ending import run_command
from samwise.shell.threads import wait_passively

# Each command is a module with `add_arguments(parser)` and `run(args) -> int`, imported on demand.
_COMMANDS = {
    "segment": ("samwise.commands.segment", "follow what sentences name through a video"),
    "doctor": ("samwise.commands.doctor", "what this machine has, what to mend, which settings suit it"),
    "info": ("samwise.commands.info", "show what is inside a checkpoint"),
    "download": ("samwise.commands.download", "fetch a published model, ready to use"),
    "convert": ("samwise.commands.convert", "turn an official checkpoint into safetensors"),
    "bench": ("samwise.commands.bench", "time every part of the model"),
    "soak": ("samwise.commands.soak", "stream for a long time and see whether the memory grows"),
    "world": ("samwise.commands.world", "draw synthetic referring videos, or write them as a data set"),
    "evaluate": ("samwise.commands.evaluate", "score a model on the synthetic world or on data sets"),
    "ablate": ("samwise.commands.ablate", "train and score variants of a model"),
    "train": ("samwise.commands.train", "train a model on the synthetic world or on data sets"),
    "curves": ("samwise.commands.curves", "draw the losses of a training run"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] and words[0] in _COMMANDS:
        try:
            return run_command(f"samwise {words[0]}", lambda: _run(words[0], words[1:]))
        except SystemExit as end:
            # argparse has printed help, or what is wrong.
            return int(end.code or 0)
    parser = argparse.ArgumentParser(prog="samwise", description="Referring video segmentation, streaming.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, summary) in _COMMANDS.items():
        commands.add_parser(name, help=summary)
    # This parser can only print help, or say what is wrong.
    return run_command("samwise", lambda: bool(parser.parse_args(words)))


def commands() -> tuple[str, ...]:
    """The names of all commands."""
    return tuple(_COMMANDS)


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser for a command's arguments."""
    module, summary = _COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"samwise {name}", description=summary)
    importlib.import_module(module).add_arguments(parser)
    return parser


def _run(name: str, words: Sequence[str]) -> int:
    wait_passively()
    args = parser_of(name).parse_args(words)
    with warnings.catch_warnings():
        warnings.showwarning = _in_a_line(warnings.showwarning)
        status: int = importlib.import_module(_COMMANDS[name][0]).run(args)
    return status


def _in_a_line(usual: Callable[..., None]) -> Callable[..., None]:
    """Shows our own warnings, which are meant for users, without the source line that Python adds."""

    def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
        if issubclass(category, UserWarning):
            print(f"warning: {message}", file=sys.stderr)
        else:
            usual(message, category, *where)

    return show


if __name__ == "__main__":
    sys.exit(main())
