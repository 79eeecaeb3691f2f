"""The `samwise` command."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from samwise.shell.ending import run_command

# Each command is a module with `add_arguments(parser)` and `run(args) -> int`, imported when it is asked for.
_COMMANDS = {
    "segment": ("samwise.commands.segment", "follow what sentences name through a video"),
    "info": ("samwise.commands.info", "say what is inside a checkpoint"),
    "convert": ("samwise.commands.convert", "turn an official checkpoint into safetensors"),
    "bench": ("samwise.commands.bench", "time every part of the model"),
    "soak": ("samwise.commands.soak", "stream for a long time and see whether the memory grows"),
    "world": ("samwise.world.command", "draw synthetic referring videos, or write them as a data set"),
    "evaluate": ("samwise.commands.evaluate", "score a model on the synthetic world's test videos"),
    "ablate": ("samwise.commands.ablate", "train and score variants of a model"),
    "train": ("samwise.train.command", "train a model on the synthetic world or on data sets"),
    "curves": ("samwise.commands.curves", "draw the losses of a training run"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = " ".join(("samwise", *(word for word in words[:1] if word in _COMMANDS)))
    return run_command(name, lambda: _run(words))


def _run(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="samwise", description="Referring video segmentation, streaming.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if words[:1] == [name]:
            loaded = importlib.import_module(module)
            loaded.add_arguments(command)
            command.set_defaults(run=loaded.run)
    args = parser.parse_args(words)
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
