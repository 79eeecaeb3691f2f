"""What can be chosen about playing a bag, and the command line of it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CompressedImages = Literal["decode", "as-is", "both"]


@dataclass(frozen=True)
class PlayOptions:
    """How to play a bag.

    Attributes:
        topics: to play, by their names in the bag; all where None.
        remap: new name by old name, applied after `compressed`.
        compressed: what becomes of sensor_msgs/CompressedImage on `<base>/compressed`: "decode" publishes
            rgb8 or mono8 images on `<base>`, "as-is" what is recorded, "both" the two of them.
        rate: seconds of the recording in a second.
        start_s: seconds of the recording to skip. Latched messages from before are published at once.
        duration_s: seconds of the recording to play; to the end where None.
        loop: begin again at the end, until told to stop.
        clock_hz: how often to publish the time of the recording on /clock; 0.0: never.
        restamp: shift all header stamps by one offset, so that the recording happens now.
        wait_for: published topics that must have a subscriber before anything is played.
        wait_timeout_s: how long to wait for them.
    """

    topics: list[str] | None = None
    remap: Mapping[str, str] = field(default_factory=dict)
    compressed: CompressedImages = "decode"
    rate: float = 1.0
    start_s: float = 0.0
    duration_s: float | None = None
    loop: bool = False
    clock_hz: float = 0.0
    restamp: bool = False
    wait_for: Sequence[str] = ()
    wait_timeout_s: float = 30.0


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
        rate=args.rate,
        start_s=args.start,
        duration_s=args.duration,
        loop=args.loop,
        clock_hz=args.clock or 0.0,
        restamp=args.restamp,
        wait_for=args.wait_for_subscribers or (),
        wait_timeout_s=args.wait_timeout,
    )


def positive(text: str) -> float:
    """Read a number above zero.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def not_negative(text: str) -> float:
    """Read a number from zero on.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    return 0.0 if text.strip() in ("0", "0.0") else positive(text)


def renaming(text: str) -> tuple[str, str]:
    """Read "old:=new" as ("old", "new").

    Raises:
        argparse.ArgumentTypeError: it has another form.
    """
    old, separator, new = text.partition(":=")
    if not (old and separator and new):
        raise argparse.ArgumentTypeError(f"{text!r} is no renaming; write /old:=/new")
    return old, new


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="play_bag",
        description="Plays a recording in real time: a rosbag2 directory, or an .mcap or .db3 file.",
    )
    add = parser.add_argument
    add("bag", type=Path, help="the recording")
    add("--topics", nargs="+", metavar="TOPIC", help="play only these, by their names in the bag")
    add("--remap", nargs="+", type=renaming, metavar="OLD:=NEW", help="publish under another name")
    add(
        "--compressed",
        choices=("decode", "as-is", "both"),
        default="decode",
        help="what becomes of <base>/compressed: decode publishes raw images on <base> (default), as-is what "
        "is recorded, both the two of them",
    )
    add("--rate", type=positive, default=1.0, help="times as fast as recorded (default %(default)s)")
    add("--start", type=not_negative, default=0.0, metavar="S", help="skip so many seconds of the recording")
    add("--duration", type=positive, metavar="S", help="play so many seconds of the recording")
    add("--loop", action="store_true", help="begin again at the end, until Ctrl-C")
    add(
        "--clock",
        type=positive,
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
        metavar="TOPIC",
        help="play nothing until these topics, as published, have a subscriber",
    )
    add("--wait-timeout", type=positive, default=30.0, metavar="S", help="how long (default %(default)s s)")
    add("--report", type=Path, metavar="FILE", help="at the end write as JSON what was published")
    add("--quiet", action="store_true", help="no progress bar")
    return parser
