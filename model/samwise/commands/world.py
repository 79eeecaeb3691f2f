"""`samwise world`: look at the synthetic world, or write it as a data set."""

import argparse
import sys
from collections.abc import Sequence

from samwise.errors import SamwiseError
from samwise.shell import numbers, values
from samwise.shell.ending import run_command
from samwise.shell.reports import check_picture, write_png
from samwise.world.export import LAYOUTS, export
from samwise.world.generate import SMALLEST_SIDE, generate
from samwise.world.scene.splits import SEEDS_PER_SPLIT, SPLITS
from samwise.world.sheet import COLUMNS, sheet

MADE_BY = "samwise world"
#: A video is drawn and kept as a whole.
MAX_SIDE, MAX_FRAMES = 4096, 10_000
MAX_VIDEOS = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `samwise world`."""
    side = numbers.whole(SMALLEST_SIDE, MAX_SIDE)
    parser.add_argument("--split", choices=SPLITS, default="train", help="kind of videos (%(default)s)")
    parser.add_argument(
        "--seed",
        type=numbers.whole(0, SEEDS_PER_SPLIT - 1),
        default=0,
        help="number of the first video (%(default)s)",
    )
    parser.add_argument(
        "--videos", type=numbers.whole(1, MAX_VIDEOS), default=6, help="how many (%(default)s)"
    )
    parser.add_argument(
        "--frames", type=numbers.whole(1, MAX_FRAMES), default=8, help="length of each (%(default)s)"
    )
    parser.add_argument(
        "--fps", type=numbers.frame_rate, default=15.0, help="frames per second (%(default)s)"
    )
    parser.add_argument("--height", type=side, default=192, help="of a frame, pixels (%(default)s)")
    parser.add_argument("--width", type=side, default=256, help="of a frame, pixels (%(default)s)")
    parser.add_argument(
        "--sentences", type=numbers.whole(1), default=2, help="rows for each video (%(default)s)"
    )
    parser.add_argument("--sheet", type=values.path, metavar="PNG", help="write a contact sheet to this file")
    parser.add_argument(
        "--export",
        type=values.path,
        metavar="DIR",
        help="write the videos to this folder, as the split of a data set",
    )
    parser.add_argument("--layout", choices=LAYOUTS, help="of the data set (default: ref-youtube-vos)")


def run(args: argparse.Namespace) -> int:
    """Print the sentences of some videos, draw their contact sheet, or export them; returns the exit status.

    Raises:
        SamwiseError: if an option is out of range, or the sheet cannot be written.
    """
    if args.layout and not args.export:
        raise SamwiseError(f"--layout {args.layout} is for --export; give its folder, too")
    check_picture(args.sheet, MADE_BY)
    size = args.height, args.width
    seeds = range(args.seed, args.seed + args.videos)
    try:
        if args.export:
            layout = args.layout or "ref-youtube-vos"
            export(args.export, layout, args.split, seeds, args.frames, size, args.fps)
            print(f"{args.videos} videos are in {args.export}, split {args.split}, layout {layout}")
            if not args.sheet:
                return 0
        videos = [generate(seed, args.split, args.frames, size, args.fps) for seed in seeds]
        for seed, video in zip(seeds, videos, strict=True):
            for referral in video.referrals:
                print(f"{args.split} {seed} {referral.family}: {referral.expression}")
        if args.sheet:
            write_png(args.sheet, MADE_BY, sheet(videos, args.sentences, min(COLUMNS, args.frames)))
            print(f"the contact sheet is {args.sheet}")
    except MemoryError as error:
        raise SamwiseError(f"not enough memory ({error}); draw fewer or smaller frames") from error
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command on its own, `python -m samwise.commands.world`; returns the exit status."""
    parser = argparse.ArgumentParser(prog=MADE_BY, description="Draw synthetic referring videos.")
    add_arguments(parser)
    return run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(run_command(MADE_BY, main))
