"""The executable `record_bag`: writes topics into an MCAP recording, without the `ros2` command line."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from samwise.errors import SamwiseError
from samwise.shell import values
from samwise.shell.ending import BY_SIGNAL, run_command
from samwise.shell.lines import one_line
from samwise_ros.bags.arguments import topic
from samwise_ros.bags.errors import BagError
from samwise_ros.errors import SamwiseRosError

if TYPE_CHECKING:
    from rclpy.node import Node

    from samwise_ros.bags.record.recorder import Recorder
    from samwise_ros.bags.record.recording_account import RecordingAccount
    from samwise_ros.bags.writer import BagWriter
    from samwise_ros.processes.stop_event import StopEvent

NAME = "record_bag"
SPIN_S = 0.1
#: Rounds without a message that show that no queue has any.
IDLE_ROUNDS = 2
#: How long queues are emptied at the end.
LAST_S = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    command_line = sys.argv[1:] if arguments is None else arguments
    return run_command(NAME, lambda: _run(command_line), errors=(SamwiseRosError, SamwiseError), error_code=1)


def _run(command_line: list[str]) -> int:
    position = command_line.index("--ros-args") if "--ros-args" in command_line else len(command_line)
    parser = _parser()
    args = parser.parse_intermixed_args(command_line[:position])
    if args.all == bool(args.topics):
        parser.error("name the topics to record, or give --all")
    return record_bag(
        args.bag,
        None if args.all else args.topics,
        command_line[position:],
        optional=args.optional,
        compress=args.compress,
        overwrite=args.overwrite,
    )


def record_bag(
    bag: Path,
    topics: Sequence[str] | None,
    for_ros: list[str],
    *,
    optional: Sequence[str] = (),
    compress: bool = False,
    overwrite: bool = False,
) -> int:
    """Record until SIGINT, SIGTERM or SIGHUP, and tell what was recorded.

    Args:
        bag: see `BagWriter`, like compress and overwrite. It grows as the recording does.
        topics: to record; every topic there is where None.
        for_ros: arguments for ROS, from `--ros-args` on.
        optional: more topics, which may be silent.
        compress: zstd.
        overwrite: replace an existing bag.

    Returns:
        The exit code: 0 if something of every topic that was asked for was recorded.

    Raises:
        BagError: if the bag cannot be written, not at all or not any further.
        ProcessError: if ROS does not start.
    """
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    from samwise_ros.bags.message_types import no_types
    from samwise_ros.bags.record.recorder import Recorder
    from samwise_ros.bags.writer import BagWriter
    from samwise_ros.bags.writing.bag_place import BagPlace
    from samwise_ros.processes.ros_node import ros_node

    # Before ROS is started. The writer looks once more.
    BagPlace(bag, overwrite=overwrite, grows=True)
    types = no_types()
    # Inside, signals only tell to stop: however many come, the bag is closed and the account given.
    # Without /rosout, or `--all` would record what the recorder itself says.
    with ros_node(NAME, for_ros, rosout=False) as (node, stop):
        writer = BagWriter(bag, types, compress=compress, overwrite=overwrite, grows=True)
        try:
            with writer:
                recorder = Recorder(node, writer, types, topics, optional)
                _spin(node, writer, recorder, stop)
                recorder.finish()
        except BagError as error:
            raise BagError(f"{error}. {_what_is_left(writer)}") from error
        account = recorder.account()
        _tell(bag, account)
    if stop.number == signal.SIGHUP:
        return BY_SIGNAL + signal.SIGHUP
    return 0 if account.complete else 1


def _spin(node: Node, writer: BagWriter, recorder: Recorder, stop: StopEvent) -> None:
    from rclpy.executors import SingleThreadedExecutor

    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        while not stop.is_set():
            executor.spin_once(timeout_sec=SPIN_S)
            if writer.failure is not None:
                raise writer.failure
        # What has arrived by now waits in queues. The end is for topics that never pause.
        recorder.stop_looking()
        end = time.monotonic() + LAST_S
        idle = 0
        while idle < IDLE_ROUNDS and time.monotonic() < end:
            before = recorder.received
            executor.spin_once(timeout_sec=SPIN_S / 2)
            idle = 0 if recorder.received > before else idle + 1
    finally:
        executor.shutdown()


def _what_is_left(writer: BagWriter) -> str:
    if not writer.made.exists():
        return f"{writer.made} was moved or deleted"
    return f"The {writer.message_count} messages until then are in {writer.made}"


def _tell(bag: Path, account: RecordingAccount) -> None:
    _say(f"{bag}: {account.counts()}", sys.stdout)
    for line in account.remarks():
        _say(f"{NAME}: {line}", sys.stderr)


def _say(line: str, stream: TextIO) -> None:
    """Print a line, if there is still somebody to read it: after SIGHUP the terminal is gone."""
    try:
        print(one_line(line), file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME, description="Records topics into MCAP until Ctrl-C, samwise_msgs among them."
    )
    parser.add_argument(
        "bag", type=values.path, help="OUT.mcap: one file; any other name: a rosbag2 directory"
    )
    parser.add_argument(
        "topics", nargs="*", type=topic, metavar="TOPIC", help="to record; they may appear later"
    )
    parser.add_argument("--all", action="store_true", help="record every topic there is")
    parser.add_argument(
        "--optional",
        nargs="+",
        action="extend",
        type=topic,
        default=[],
        metavar="TOPIC",
        help="record these, too; it is not an error if nothing arrives there",
    )
    parser.add_argument("--compress", action="store_true", help="zstd: good for masks, slow for raw images")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an existing bag once the recording is complete"
    )
    return parser
