"""The executable `play_bag`: plays a recording in real time, without the `ros2` command line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from samwise.shell.ending import BY_SIGNAL, run_command
from samwise.shell.placing import OutputError
from samwise_ros.errors import SamwiseRosError

if TYPE_CHECKING:
    from samwise_ros.bags.play.play_options import PlayOptions

NAME = "play_bag"
BAR_FORMAT = "{desc} {percentage:3.0f}%|{bar}| {n:.1f}/{total:.1f} s"


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    command_line = sys.argv[1:] if arguments is None else arguments
    return run_command(NAME, lambda: _run(command_line), errors=(SamwiseRosError, OutputError), error_code=1)


def _run(command_line: list[str]) -> int:
    from samwise.shell.reports import check_report
    from samwise_ros.bags.play.play_options import parse_arguments
    from samwise_ros.processes.ros_node import split_arguments

    ours, for_ros = split_arguments(command_line)
    args, options = parse_arguments(ours)
    check_report(args.report, NAME)
    return play_bag(args.bags, options, for_ros, quiet=args.quiet, report=args.report)


def play_bag(
    bags: Sequence[Path],
    options: PlayOptions,
    for_ros: list[str],
    *,
    quiet: bool = False,
    report: Path | None = None,
) -> int:
    """Play a bag to its end, or until a signal.

    Args:
        bags: the recording, or its parts.
        options: how to play it.
        for_ros: arguments for ROS, from `--ros-args` on.
        quiet: no progress bar.
        report: JSON file for what was played, and what was not; also written where the exit code is not 0.

    Returns:
        The exit code.

    Raises:
        BagError: if nothing of the bag can be read or nobody listens to it.
        ProcessError: if ROS does not start.
        OutputError: if the report cannot be written.
    """
    from tqdm import tqdm

    from samwise.shell.lines import one_line
    from samwise.shell.reports import write_json
    from samwise_ros.bags.play.player import Player
    from samwise_ros.bags.reader import open_bag
    from samwise_ros.processes.ros_node import ros_node

    def tell(line: str) -> None:
        tqdm.write(one_line(f"{NAME}: {line}"), file=sys.stderr)

    with open_bag(*bags, tell=tell) as bag, ros_node(NAME, for_ros) as (node, stop):
        player = Player(node, bag, options, stop, tell)
        player.wait_for_subscribers()
        total = None if options.loop else player.duration_s
        with tqdm(
            total=total,
            desc=f"playing {bag.path.name}",
            bar_format=BAR_FORMAT,
            disable=quiet or total is None,
        ) as bar:
            player.play(bar.update)
        outcome = player.outcome
        if report is not None:
            write_json(report, NAME, outcome.report(bag.faults))
        # Ctrl-C is the end of a loop, once it has begun.
        at_end = options.loop and stop.number == signal.SIGINT and outcome.published.total()
        if stop.number is not None and not at_end:
            return BY_SIGNAL + stop.number
        if summary := outcome.summary():
            tell(summary)
        if problems := outcome.problems(options.topics, bag.faults):
            tell("; ".join(problems))
        return 1 if problems else 0
