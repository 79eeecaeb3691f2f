"""The executable `scene`: shows a scene as a camera would, until it is told to end."""

from __future__ import annotations

import argparse
import sys

from samwise.errors import SamwiseError
from samwise.shell.ending import run_command
from samwise.shell.numbers import whole
from samwise_ros.errors import SamwiseRosError
from samwise_ros.topics import IMAGE_TOPIC


def main(arguments: list[str] | None = None) -> int:
    """Show scenes until told to end. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    return run_command("scene", lambda: _run(given), errors=(SamwiseError, SamwiseRosError), error_code=1)


def _run(arguments: list[str]) -> int:
    position = arguments.index("--ros-args") if "--ros-args" in arguments else len(arguments)
    args = _parser().parse_args(arguments[:position])
    # Imported late: it loads ROS and OpenCV, and Ctrl-C should end this as quietly as later on.
    from samwise_ros.console.scene.node import run_scene

    run_scene(args, arguments[position:])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scene", description=__doc__)
    add = parser.add_argument
    add(
        "scene",
        nargs="?",
        default="demo",
        help="demo (the recording that ships), world (always new things), webcam, or a video or bag of yours",
    )
    add("--seed", type=whole(0), default=1, help="of the world (default %(default)s)")
    add("--webcam", default="0", help="index, device or address of the camera (default %(default)s)")
    add("--image-topic", default=IMAGE_TOPIC, help="of a bag of yours (default %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
