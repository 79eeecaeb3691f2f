"""The executable `play_bag`: plays a recording in real time, without the `ros2` command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tqdm import tqdm

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.play_options import PlayOptions, parse_arguments
from samwise_ros.bags.player import Player
from samwise_ros.bags.process import ros_node, split_arguments
from samwise_ros.bags.reader import open_bag

BAR_FORMAT = "{desc} {percentage:3.0f}%|{bar}| {n:.1f}/{total:.1f} s"


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    ours, for_ros = split_arguments(sys.argv[1:] if arguments is None else arguments)
    args, options = parse_arguments(ours)
    try:
        played = play_bag(args.bag, options, for_ros, quiet=args.quiet)
    except BagError as error:
        print(f"play_bag: {error}", file=sys.stderr)
        return 1
    if args.report is not None:
        args.report.write_text(json.dumps(played, indent=2) + "\n", encoding="utf-8")
    return 0


def play_bag(
    bag: Path, options: PlayOptions, for_ros: list[str], *, quiet: bool = False
) -> dict[str, object]:
    """Play a bag to its end, or until SIGINT.

    Args:
        bag: the recording.
        options: how to play it.
        for_ros: arguments for ROS, from `--ros-args` on.
        quiet: no progress bar.

    Returns:
        "published": number of messages by topic, and "stamp_offset_ns": what was added to header stamps.

    Raises:
        BagError: the bag cannot be read or nobody listens to it.
    """
    with (
        open_bag(bag) as reader,
        ros_node("play_bag", for_ros) as (node, stop),
    ):
        player = Player(node, reader, options, stop)
        player.wait_for_subscribers()
        total = None if options.loop else player.duration_s
        with tqdm(
            total=total, desc=f"playing {bag.name}", bar_format=BAR_FORMAT, disable=quiet or total is None
        ) as bar:
            player.play(bar.update)
        return {"published": dict(player.published), "stamp_offset_ns": player.offset_ns}


if __name__ == "__main__":
    sys.exit(main())
