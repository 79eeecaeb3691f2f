"""Writes the recording of the demo: a scene of the synthetic world, with sentences and true masks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from samwise.errors import SamwiseError
from samwise.shell import values
from samwise.shell.ending import run_command
from samwise.shell.lines import one_line
from samwise_ros.errors import SamwiseRosError
from samwise_ros.messages.stamps import NANOSECONDS

if TYPE_CHECKING:
    from samwise.world.story import Story

NAME = "story_to_bag"
#: 2026-01-01 00:00:00 UTC. Fixed, so that the same story makes the same file.
START_NS = 1_767_225_600 * NANOSECONDS

#: The recording is part of the repository, and its pictures have the noise of a camera: 4.5 MB.
JPEG_QUALITY = 60


def story_to_bag(story: Story, bag: Path, *, quality: int = JPEG_QUALITY, overwrite: bool = False) -> None:
    """Write a story as a recording: JPEG pictures, latched sentences, true masks.

    A sentence is said half a frame before the first frame that it holds for, so that it is heard in time.

    Args:
        story: to write.
        bag: see `BagWriter`.
        quality: of the JPEG pictures, 1 to 100.
        overwrite: replace an existing bag.

    Raises:
        BagError: if the bag cannot be written.
    """
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    from tqdm import tqdm

    from samwise_ros.bags.camera_recording import CameraRecording, frame_stamp
    from samwise_ros.bags.message_types import standard_types
    from samwise_ros.bags.writer import BagWriter

    types = standard_types()
    sentences = dict(story.cues)
    half_a_frame = round(NANOSECONDS / story.fps / 2)
    with BagWriter(bag, types, compress=True, overwrite=overwrite) as writer:
        recording = CameraRecording(writer, types, quality=quality)
        scene = zip(story.frames, story.masks, strict=True)
        progress = tqdm(scene, total=len(story.frames), desc=bag.name, unit="frame")
        for index, (frame, mask) in enumerate(progress):
            stamp = frame_stamp(index, story.fps, START_NS)
            if index in sentences:
                recording.add_expression(stamp - half_a_frame, sentences[index])
            recording.add_frame(stamp, frame)
            recording.add_mask(stamp, mask)


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    return run_command(NAME, lambda: _run(arguments), errors=(SamwiseRosError, SamwiseError), error_code=1)


def _run(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    parser.add_argument("bag", type=values.path, help="OUT.mcap: one file; any other name: a directory")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing bag")
    args = parser.parse_args(arguments)
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    from samwise.world.story import demo_story
    from samwise_ros.bags.writing.bag_place import BagPlace

    bag: Path = args.bag
    # Before the work. The writer looks once more.
    BagPlace(bag, overwrite=args.overwrite)
    story_to_bag(demo_story(), bag, overwrite=args.overwrite)
    files = [bag] if bag.is_file() else list(bag.iterdir())
    print(one_line(f"{bag}: {sum(file.stat().st_size for file in files) / 1e6:.1f} MB"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
