"""The executable `repair_bag`: makes a whole recording of one that was cut off or damaged. Needs no ROS."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from samwise.errors import SamwiseError
from samwise.shell import values
from samwise.shell.ending import run_command
from samwise.shell.lines import one_line
from samwise_ros.bags.errors import BagError
from samwise_ros.errors import SamwiseRosError

if TYPE_CHECKING:
    from samwise_ros.bags.repair.salvage import Salvage

NAME = "repair_bag"


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    return run_command(NAME, lambda: _run(arguments), errors=(SamwiseRosError, SamwiseError), error_code=1)


def _run(arguments: list[str] | None) -> int:
    args = _parser().parse_args(arguments)
    bags: Sequence[Path] = args.bag
    salvage = repair(bags, args.out, overwrite=args.overwrite)
    lines = [f"{args.out}: {salvage.total} messages"]
    for topic, count in sorted(salvage.saved.items()):
        lost = salvage.lost[topic]
        lines.append(f"  {topic} {count}" + (f", {lost} lost" if lost else ""))
    if not salvage.remarks:
        lines.append(f"{bags[0]} was whole: {args.out} holds all of it")
    print(*map(one_line, lines), sep="\n")
    return 0


def repair(bags: Sequence[Path], out: Path, *, overwrite: bool = False) -> Salvage:
    """Write what can be read of a recording as a whole one. The old one is not touched.

    Args:
        bags: rosbag2 folder or file, or the files of a recording whose folder is lost.
        out: see `BagWriter`, like overwrite.
        overwrite: replace an existing bag.

    Raises:
        BagError: if nothing of the recording can be read, or the new one cannot be written.
    """
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    from samwise_ros.bags.repair.salvage import salvage

    new = Path(os.path.realpath(out))
    for bag in bags:
        old = Path(os.path.realpath(bag))
        if old == new or old in new.parents or new in old.parents:
            raise BagError(f"{out} and {bag} are one in the other; choose a place beside it")
    return salvage(bags, out, overwrite=overwrite, tell=_tell)


def _tell(line: str) -> None:
    print(one_line(f"{NAME}: {line}"), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    parser.add_argument(
        "bag",
        nargs="+",
        type=values.path,
        help="rosbag2 folder, .mcap or .db3 file; several: parts of one recording. They stay as they are",
    )
    parser.add_argument("out", type=values.path, help="OUT.mcap: one file; any other name: a directory")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing bag at OUT")
    return parser
