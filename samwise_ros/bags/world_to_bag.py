"""The executable `world_to_bag`: a video of the synthetic world as a recording, with its true masks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from samwise_ros.bags.errors import BagError
from samwise_ros.bags.images import JPEG_QUALITY
from samwise_ros.bags.story_to_bag import story_to_bag
from samwise_ros.bags.video_to_bag import parse_size


class Referral(Protocol):
    """A sentence and what it names, as in `samwise.world.Referral`."""

    @property
    def expression(self) -> str:
        """The sentence."""

    @property
    def masks(self) -> NDArray[np.bool_]:
        """What it names in each frame: bool [T, H, W]; empty where that does not show."""


class Video(Protocol):
    """What `samwise.world.generate` returns."""

    @property
    def frames(self) -> NDArray[np.uint8]:
        """The pictures: uint8 [T, H, W, 3], RGB."""

    @property
    def fps(self) -> float:
        """Frames a second."""

    @property
    def referrals(self) -> Sequence[Referral]:
        """At least one."""


@dataclass(frozen=True)
class OneSentence:
    """A video with one sentence that holds from its first frame to its last: a `Story`."""

    frames: NDArray[np.uint8]
    fps: float
    cues: Sequence[tuple[int, str]]
    masks: NDArray[np.bool_]


def story_of(video: Video, sentence: int) -> OneSentence:
    """Make a story of a video and one of its sentences.

    Args:
        video: of the world.
        sentence: number of the sentence, from 0.

    Raises:
        BagError: there is no such sentence; the text lists those there are.
    """
    if not 0 <= sentence < len(video.referrals):
        known = "".join(f"\n  {number}: {r.expression}" for number, r in enumerate(video.referrals))
        raise BagError(f"the video has no sentence {sentence}; choose one of{known}")
    referral = video.referrals[sentence]
    return OneSentence(video.frames, video.fps, [(0, referral.expression)], referral.masks)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="world_to_bag", description=__doc__)
    parser.add_argument("bag", type=Path, help="OUT.mcap: one file; any other name: a directory")
    parser.add_argument("--split", default="train", help="kind of video, see samwise world (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="number of the video (%(default)s)")
    parser.add_argument("--sentence", type=int, default=0, help="number of the sentence (%(default)s)")
    parser.add_argument("--frames", type=int, default=64, help="length (%(default)s)")
    parser.add_argument("--fps", type=float, default=15.0, help="frames a second (%(default)s)")
    parser.add_argument(
        "--size", type=parse_size, default=(640, 480), metavar="WxH", help="of a frame (640x480)"
    )
    parser.add_argument("--quality", type=int, default=JPEG_QUALITY, help="of JPEG, 1..100 (%(default)s)")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing bag")
    return parser


def main() -> int:
    """Run the command. Returns the exit code."""
    args = _parser().parse_args()
    # Only here: it draws every frame, and nothing else in this file needs the world.
    from samwise.world import generate

    width, height = args.size
    try:
        video = generate(args.seed, args.split, args.frames, (height, width), args.fps)
        story = story_of(video, args.sentence)
        story_to_bag(story, args.bag, quality=args.quality, overwrite=args.overwrite)
    except (BagError, ValueError) as error:
        print(f"world_to_bag: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"{args.bag}: {len(story.frames)} frames, {story.cues[0][1]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
