"""The executable `record_bag`: writes topics into an MCAP recording, without the `ros2` command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rclpy.executors import SingleThreadedExecutor

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.message_types import no_types
from samwise_ros.bags.process import ros_node, split_arguments
from samwise_ros.bags.recorder import Recorder
from samwise_ros.bags.writer import BagWriter

SPIN_S = 0.1


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    ours, for_ros = split_arguments(sys.argv[1:] if arguments is None else arguments)
    args = _parser().parse_intermixed_args(ours)
    if args.all == bool(args.topics):
        print("record_bag: name the topics to record, or give --all", file=sys.stderr)
        return 2
    try:
        recorder = record_bag(
            args.bag,
            None if args.all else args.topics,
            for_ros,
            compress=args.compress,
            overwrite=args.overwrite,
        )
    except BagError as error:
        print(f"record_bag: {error}", file=sys.stderr)
        return 1
    print(
        f"{args.bag}: " + ", ".join(f"{topic} {count}" for topic, count in sorted(recorder.recorded.items()))
    )
    for topic in recorder.missing:
        print(f"record_bag: nobody published {topic}", file=sys.stderr)
    return 0


def record_bag(
    bag: Path,
    topics: Sequence[str] | None,
    for_ros: list[str],
    *,
    compress: bool = False,
    overwrite: bool = False,
) -> Recorder:
    """Record until SIGINT or SIGTERM.

    Args:
        bag: see `BagWriter`, like compress and overwrite.
        topics: to record; every topic there is where None.
        for_ros: arguments for ROS, from `--ros-args` on.
        compress: zstd.
        overwrite: replace an existing bag.

    Returns:
        The recorder, which knows what it recorded.

    Raises:
        BagError: the bag cannot be written.
    """
    types = no_types()
    with ros_node("record_bag", for_ros) as (node, stop):
        with BagWriter(bag, types, compress=compress, overwrite=overwrite) as writer:
            recorder = Recorder(node, writer, types, topics)
            executor = SingleThreadedExecutor()
            executor.add_node(node)
            while not stop.is_set():
                executor.spin_once(timeout_sec=SPIN_S)
            executor.shutdown()
        return recorder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="record_bag", description="Records topics into MCAP until Ctrl-C, samwise_msgs among them."
    )
    parser.add_argument("bag", type=Path, help="OUT.mcap: one file; any other name: a rosbag2 directory")
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help="to record; they may appear later")
    parser.add_argument("--all", action="store_true", help="record every topic there is")
    parser.add_argument("--compress", action="store_true", help="zstd: good for masks, slow for raw images")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing bag")
    return parser


if __name__ == "__main__":
    sys.exit(main())
