"""The executable `world_to_bag`: a video of the synthetic world as a recording, with its true masks."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from samwise.errors import SamwiseError
from samwise.shell import numbers, values
from samwise.shell.ending import run_command
from samwise.shell.lines import one_line
from samwise_ros.bags.arguments import picture_size
from samwise_ros.bags.camera_defaults import JPEG_QUALITY
from samwise_ros.bags.errors import BagError
from samwise_ros.bags.story_to_bag import story_to_bag
from samwise_ros.errors import SamwiseRosError

if TYPE_CHECKING:
    from samwise.video.labelled import LabelledVideo
    from samwise.world.story import Story

NAME = "world_to_bag"
MAX_FRAMES = 100_000
#: What a video of the world holds in memory for every pixel of every frame: colours, owners, masks, motions.
BYTES_PER_PIXEL = 16


def story_of(video: LabelledVideo, sentence: int) -> Story:
    """Make a story of a video and one of its sentences, which holds from the first frame to the last.

    Args:
        video: of the world.
        sentence: number of the sentence, from 0.

    Raises:
        BagError: if there is no such sentence; the text lists those there are.
    """
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    import numpy as np

    from samwise.world.story import Story

    if not 0 <= sentence < len(video.referrals):
        known = "; ".join(f"{number}: {r.expression}" for number, r in enumerate(video.referrals))
        raise BagError(f"the video has no sentence {sentence}; choose one of {known}")
    referral = video.referrals[sentence]
    assert video.fps is not None
    cues = ((0, referral.expression),)
    return Story(np.asarray(video.frames), video.fps, cues, np.asarray(referral.masks))


def check_memory(frames: int, width: int, height: int) -> None:
    """Refuse a video that this machine cannot hold, before the kernel ends the process without a word.

    Raises:
        BagError: if it needs more memory than there is.
    """
    needed = frames * width * height * BYTES_PER_PIXEL
    present = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > present:
        raise BagError(
            f"{frames} frames of {width}x{height} need some {needed / 1e9:.0f} GB of memory, and this "
            f"machine has {present / 1e9:.0f} GB; give a smaller --frames or --size"
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    return run_command(NAME, lambda: _run(arguments), errors=(SamwiseRosError, SamwiseError), error_code=1)


def _run(arguments: list[str] | None) -> int:
    args = _parser().parse_args(arguments)
    width, height = args.size
    check_memory(args.frames, width, height)
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    from samwise.world import generate
    from samwise_ros.bags.writing.bag_place import BagPlace

    # Before the work. The writer looks once more.
    BagPlace(args.bag, overwrite=args.overwrite)

    try:
        video = generate(args.seed, args.split, args.frames, (height, width), args.fps)
    except MemoryError as error:
        raise BagError(f"not enough memory ({error}); give a smaller --frames or --size") from error
    story = story_of(video, args.sentence)
    story_to_bag(story, args.bag, quality=args.quality, overwrite=args.overwrite)
    print(one_line(f"{args.bag}: {len(story.frames)} frames, {story.cues[0][1]!r}"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    parser.add_argument("bag", type=values.path, help="OUT.mcap: one file; any other name: a directory")
    parser.add_argument("--split", default="train", help="kind of video, see samwise world (%(default)s)")
    parser.add_argument("--seed", type=numbers.seed, default=0, help="number of the video (%(default)s)")
    parser.add_argument(
        "--sentence", type=numbers.whole(0), default=0, help="number of the sentence (%(default)s)"
    )
    parser.add_argument(
        "--frames", type=numbers.whole(1, MAX_FRAMES), default=64, help="length (%(default)s)"
    )
    parser.add_argument(
        "--fps", type=numbers.frame_rate, default=15.0, help="frames per second (%(default)s)"
    )
    parser.add_argument(
        "--size", type=picture_size, default=(640, 480), metavar="WxH", help="of a frame (640x480)"
    )
    parser.add_argument(
        "--quality", type=numbers.jpeg_quality, default=JPEG_QUALITY, help="of JPEG, 1..100 (%(default)s)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing bag")
    return parser


if __name__ == "__main__":
    sys.exit(main())
