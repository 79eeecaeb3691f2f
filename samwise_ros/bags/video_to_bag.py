"""The executable `video_to_bag`: a video file becomes a recording of a camera."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from samwise.errors import FrameError, SamwiseError, UnfinishedError
from samwise.shell import numbers, values
from samwise.shell.ending import run_command
from samwise.shell.lines import one_line
from samwise_ros.bags.arguments import frame_id, image_topic, picture_size
from samwise_ros.bags.camera_defaults import FRAME_ID, JPEG_QUALITY, ImageFormat
from samwise_ros.bags.errors import BagError
from samwise_ros.errors import SamwiseRosError
from samwise_ros.messages.stamps import NANOSECONDS
from samwise_ros.topics import EXPRESSION_TOPIC, IMAGE_TOPIC

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "video_to_bag"
#: A sentence is said this long before the first frame, so that it is heard in time.
SENTENCE_LEAD_NS = NANOSECONDS // 20


def video_to_bag(
    video: Path,
    bag: Path,
    *,
    image_topic: str = IMAGE_TOPIC,
    image_format: ImageFormat = "jpeg",
    frame_id: str = FRAME_ID,
    quality: int = JPEG_QUALITY,
    fps: float | None = None,
    size: tuple[int, int] | None = None,
    expression: str | None = None,
    max_frames: int | None = None,
    start_ns: int | None = None,
    overwrite: bool = False,
) -> int:
    """Convert a video file, and return how many frames it had. They keep the times of the container.

    Args:
        video: any file that OpenCV decodes.
        bag: see `BagWriter`.
        image_topic: see `CameraRecording`, like image_format, frame_id and quality.
        image_format: "jpeg" or "raw".
        frame_id: of every header.
        quality: of JPEG, 1 to 100.
        fps: frames per second, instead of the times of the container.
        size: (width, height) to scale the frames to, instead of their own.
        expression: a sentence, published just before the first frame.
        max_frames: stop after that many.
        start_ns: stamp of the first frame; the time of the conversion where None.
        overwrite: replace an existing bag.

    Raises:
        BagError: if the video cannot be read, tells no frame rate, or the bag cannot be written.
        UnfinishedError: if the video is damaged or was cut off; all frames that could be read are in the bag.
    """
    # Imported late: they take a while, and Ctrl-C should end a command quietly from the start.
    from tqdm import tqdm

    from samwise.video.files import open_video
    from samwise_ros.bags.camera_recording import CameraRecording, frame_stamp
    from samwise_ros.bags.message_types import standard_types
    from samwise_ros.bags.writer import BagWriter

    try:
        source = open_video(video)
    except FrameError as error:
        raise BagError(str(error)) from error
    if not (fps or source.timed):
        raise BagError(f"{video} does not tell its frame rate; give it with --fps")
    start = time.time_ns() if start_ns is None else start_ns
    types = standard_types()
    count = 0
    with BagWriter(bag, types, overwrite=overwrite) as writer:
        recording = CameraRecording(
            writer,
            types,
            image_topic=image_topic,
            image_format=image_format,
            frame_id=frame_id,
            quality=quality,
        )
        if expression is not None:
            recording.add_expression(start - SENTENCE_LEAD_NS, expression)
        frames = itertools.islice(source.frames, max_frames)
        total = min(source.length, max_frames or source.length) if source.length else max_frames
        for frame in tqdm(frames, total=total, unit="frame", desc=bag.name):
            stamp = frame_stamp(count, fps, start) if fps else start + round(frame.time * NANOSECONDS)
            recording.add_frame(stamp, _scaled(frame.image, size))
            count += 1
    if not fps:
        for warning in source.account.warnings:
            print(f"{NAME}: {warning}; --fps gives another rate", file=sys.stderr)
    if source.account.losses:
        raise UnfinishedError(f"{bag} has {count} frames, but {'; '.join(source.account.losses)}")
    return count


def _scaled(frame: NDArray[np.uint8], size: tuple[int, int] | None) -> NDArray[np.uint8]:
    if size is None or size == (frame.shape[1], frame.shape[0]):
        return frame
    import cv2
    import numpy as np

    # Averages when shrinking, which keeps edges free of steps.
    shrinking = size[0] < frame.shape[1]
    return np.asarray(
        cv2.resize(frame, size, interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR), np.uint8
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    return run_command(NAME, lambda: _run(arguments), errors=(SamwiseRosError, SamwiseError), error_code=1)


def _run(arguments: list[str] | None) -> int:
    args = _parser().parse_args(arguments)
    count = video_to_bag(
        args.video,
        args.bag,
        image_topic=args.topic,
        image_format=args.format,
        frame_id=args.frame_id,
        quality=args.quality,
        fps=args.fps,
        size=args.resize,
        expression=args.expression,
        max_frames=args.max_frames,
        overwrite=args.overwrite,
    )
    print(one_line(f"{args.bag}: {count} frames"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    parser.add_argument("video", type=values.path, help="video file")
    parser.add_argument("bag", type=values.path, help="OUT.mcap: one file; any other name: a directory")
    parser.add_argument(
        "--topic", type=image_topic, default=IMAGE_TOPIC, help="raw image topic (default %(default)s)"
    )
    parser.add_argument(
        "--format",
        choices=("jpeg", "raw"),
        default="jpeg",
        help="jpeg: CompressedImage on TOPIC/compressed; raw: rgb8 on TOPIC (default %(default)s)",
    )
    parser.add_argument(
        "--quality", type=numbers.jpeg_quality, default=JPEG_QUALITY, help="of JPEG, 1..100 (%(default)s)"
    )
    parser.add_argument("--frame-id", type=frame_id, default=FRAME_ID, help="default %(default)s")
    parser.add_argument(
        "--fps", type=numbers.frame_rate, help="frames per second, instead of the times that the file has"
    )
    parser.add_argument("--resize", type=picture_size, metavar="WxH", help="scale the frames, e.g. 640x480")
    parser.add_argument("--max-frames", type=numbers.whole(1), help="stop after that many")
    parser.add_argument(
        "--expression",
        type=values.sentence,
        help=f"a sentence, published on {EXPRESSION_TOPIC} before the first frame",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing bag")
    return parser


if __name__ == "__main__":
    sys.exit(main())
