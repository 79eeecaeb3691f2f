"""What can be chosen about playing a bag, and the command line of it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from samwise.shell.numbers import real
from samwise_ros.bags.topic_names import is_valid, similar
from samwise_ros.messages.stamps import NANOSECONDS

CompressedImages = Literal["decode", "as-is", "both"]

#: Times as fast as recorded, at most.
FASTEST = 1000.0
#: Ticks of the clock per second, at most.
CLOCK_HZ = 10_000.0
#: No recording is longer: a hundred years.
LONGEST_S = 100 * 365.25 * 86400
#: The latest time that a bag can tell.
LAST_NS = (1 << 63) - 1


@dataclass(frozen=True)
class PlayOptions:
    """How to play a bag.

    Attributes:
        topics: to play, by their names in the bag; all where None.
        remap: new name by old name, or by old name, "@" and type; applied after `compressed`.
        compressed: what becomes of sensor_msgs/CompressedImage on `<base>/compressed`: "decode" publishes
            raw images on `<base>`, "as-is" what is recorded, "both" the two of them. The same for depth on
            `<base>/compressedDepth`.
        decode: topics to decode although their names do not end like that, with the raw topic to publish on;
            one beside it where None.
        rate: seconds of the recording in a second.
        start_s: seconds of the recording to skip. Latched messages from before are published at once.
        duration_s: seconds of the recording to play; to the end where None.
        max_gap_s: gaps between messages that are longer take no time; inf: all are waited for.
        loop: begin again at the end, until told to stop.
        clock_hz: how often to publish the time of the recording on /clock; 0.0: never.
        restamp: shift all header stamps by one offset, so that the recording happens now.
        wait_for: published topics that must have a subscriber before anything is played.
        wait_timeout_s: how long to wait for them.
    """

    topics: list[str] | None = None
    remap: Mapping[str, str] = field(default_factory=dict)
    compressed: CompressedImages = "decode"
    decode: Mapping[str, str | None] = field(default_factory=dict)
    rate: float = 1.0
    start_s: float = 0.0
    duration_s: float | None = None
    max_gap_s: float = 3600.0
    loop: bool = False
    clock_hz: float = 0.0
    restamp: bool = False
    wait_for: Sequence[str] = ()
    wait_timeout_s: float = 30.0

    @property
    def max_gap_ns(self) -> int:
        """The longest gap to wait for, in nanoseconds."""
        return LAST_NS if math.isinf(self.max_gap_s) else round(self.max_gap_s * NANOSECONDS)


def parse_arguments(arguments: Sequence[str]) -> tuple[argparse.Namespace, PlayOptions]:
    """Read the command line of `play_bag`. Ends the process with a message where it makes no sense."""
    parser = _parser()
    args = parser.parse_args(arguments)
    if args.restamp and args.rate != 1.0:
        parser.error(
            "--restamp keeps the recorded distances between stamps, which only --rate 1 does as well"
        )
    if args.restamp and args.clock is not None:
        parser.error("--clock publishes the recorded time, --restamp moves the stamps to now: choose one")
    return args, PlayOptions(
        topics=args.topics,
        remap=dict(args.remap or ()),
        compressed=args.compressed,
        decode=dict(args.decode or ()),
        rate=args.rate,
        start_s=args.start,
        duration_s=args.duration,
        max_gap_s=args.max_gap,
        loop=args.loop,
        clock_hz=args.clock or 0.0,
        restamp=args.restamp,
        wait_for=args.wait_for_subscribers or (),
        wait_timeout_s=args.wait_timeout,
    )


def gap(text: str) -> float:
    """Read the longest gap to wait for, in seconds: a number above 0, or 0 or "inf" for any.

    Raises:
        argparse.ArgumentTypeError: if it is not one of these.
    """
    if text.strip().lower() in ("0", "inf", "infinity"):
        return math.inf
    try:
        return real(0.0, LONGEST_S, above=True)(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}; 0 or inf waits for every gap") from error


def renaming(text: str) -> tuple[str, str]:
    """Read "old:=new" as ("old", "new"). The new name has to be one that ROS 2 allows.

    Raises:
        argparse.ArgumentTypeError: if it has another form.
    """
    # Names of other tools may have the separator in them; those of ROS 2 may not.
    old, separator, new = text.rpartition(":=")
    if not (old and separator and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not a renaming; write /old:=/new")
    return old, published_name(new)


def decoding(text: str) -> tuple[str, str | None]:
    """Read "topic" or "topic:=raw_topic" as two names; the second is None where it is not there.

    Raises:
        argparse.ArgumentTypeError: if it has another form.
    """
    if ":=" not in text and text:
        return text, None
    try:
        return renaming(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}, or /topic alone") from error


def published_name(text: str) -> str:
    """Read the name of a topic to publish on.

    Raises:
        argparse.ArgumentTypeError: if ROS 2 does not allow it.
    """
    if not is_valid(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a ROS 2 topic name; {similar(text)!r} would be one"
        )
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="play_bag",
        description="Plays a recording in real time: a rosbag2 folder, or .mcap or .db3 files.",
        epilog="Exit code: 0 when all that was asked for was played, 1 when messages, a part of the "
        "recording or a topic named with --topics were not, 130 or 143 when stopped before the end (with "
        "--loop, Ctrl-C is the end: 0). A topic of a kind that cannot be played here is named, and counts "
        "only if it was asked for by name.",
    )
    add = parser.add_argument
    add("bags", type=Path, nargs="+", metavar="BAG", help="the recording; several files: the parts of one")
    add(
        "--topics",
        nargs="+",
        action="extend",
        metavar="TOPIC",
        help="play only these, by their names in the bag",
    )
    add(
        "--remap",
        nargs="+",
        action="extend",
        type=renaming,
        metavar="OLD:=NEW",
        help="publish under another name; OLD@TYPE: one of several types of that name",
    )
    add(
        "--compressed",
        choices=("decode", "as-is", "both"),
        default="decode",
        help="what becomes of <base>/compressed and <base>/compressedDepth: decode publishes raw images on "
        "<base> (default), as-is what is recorded, both the two of them",
    )
    add(
        "--decode",
        nargs="+",
        action="extend",
        type=decoding,
        metavar="TOPIC[:=RAW]",
        help="decode these as well, whose names do not end like that; RAW is the topic to publish on",
    )
    add(
        "--rate",
        type=real(0.0, FASTEST, above=True),
        default=1.0,
        help="times as fast as recorded (default %(default)s)",
    )
    seconds, some_seconds = real(0.0, LONGEST_S), real(0.0, LONGEST_S, above=True)
    add("--start", type=seconds, default=0.0, metavar="S", help="skip that many seconds of the recording")
    add("--duration", type=some_seconds, metavar="S", help="play that many seconds of the recording")
    add(
        "--max-gap",
        type=gap,
        default=3600.0,
        metavar="S",
        help="leave out gaps between messages that are longer (default %(default)g s); "
        "0 or inf waits for all",
    )
    add("--loop", action="store_true", help="begin again at the end, until Ctrl-C")
    add(
        "--clock",
        type=real(0.0, CLOCK_HZ, above=True),
        nargs="?",
        const=100.0,
        metavar="HZ",
        help="publish the recorded time on /clock, for nodes with use_sim_time (default %(const)s Hz)",
    )
    add(
        "--restamp",
        action="store_true",
        help="shift the stamps of all headers so that the recording happens now",
    )
    add(
        "--wait-for-subscribers",
        nargs="+",
        action="extend",
        type=published_name,
        metavar="TOPIC",
        help="play nothing until these topics, as published, have a subscriber",
    )
    add("--wait-timeout", type=seconds, default=30.0, metavar="S", help="how long (default %(default)s s)")
    add("--report", type=Path, metavar="FILE", help="at the end write as JSON what was published")
    add("--quiet", action="store_true", help="no progress bar")
    return parser
