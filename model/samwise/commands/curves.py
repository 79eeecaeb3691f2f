"""`samwise curves`: a picture of a training run."""

from __future__ import annotations

import argparse
from pathlib import Path

from samwise.shell import values
from samwise.shell.reports import check_picture
from samwise.train.curves import MADE_BY, plot, read_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("log", type=values.path, help="log.jsonl of the run's folder; it may be under way")
    parser.add_argument(
        "picture", type=values.path, nargs="?", default=Path("curves.png"), help="%(default)s"
    )


def run(args: argparse.Namespace) -> int:
    """Draw the losses of a run.

    Raises:
        SamwiseError: for a file that is not a log, or without matplotlib.
    """
    check_picture(args.picture, MADE_BY)
    plot(args.picture, read_log(args.log))
    print(f"wrote {args.picture}")
    return 0
