"""The executable `demo`: plays a recorded scene to the segmenter over DDS and reports what came out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from samwise.errors import SamwiseError
from samwise.shell import numbers, values
from samwise.shell.ending import code_of, run_command
from samwise.shell.placing import OutputError
from samwise_ros.bags.arguments import image_topic
from samwise_ros.demo.output_folder import finish, prepare
from samwise_ros.errors import SamwiseRosError
from samwise_ros.topics import IMAGE_TOPIC

NAME = "demo"
MOST_PATIENT_S = 86400.0
PRECISIONS = ("float32", "bfloat16", "float16")
#: The last of them says that all are there.
RESULTS = ("overlay.mp4", "contact_sheet.png", "output.mcap", "summary.json")
#: What a run writes besides.
BY_PRODUCTS = ("input.mcap", "player.json", "segmenter.log", "recorder.log")


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code: 0 only if all was played, and masks came out of it."""
    errors = (SamwiseRosError, SamwiseError)
    return run_command(NAME, lambda: _run(arguments), errors=errors, error_code=1)


def _run(arguments: list[str] | None) -> int:
    parser = _parser()
    args = parser.parse_args(arguments)
    if (args.video is None) != (args.sentence is None):
        parser.error("--video and --sentence belong together; a bag brings its own sentences")
    try:
        summary = run_demo(args)
    except KeyboardInterrupt as stop:
        print("\ndemo: interrupted; all processes have ended", file=sys.stderr)
        return code_of(stop)
    _print_summary(summary, args.output)
    return 0 if summary["masks_out"] and summary["all_played"] else 1


def run_demo(args: argparse.Namespace) -> dict[str, Any]:
    """Run the demo and return the content of summary.json.

    Raises:
        BagError: if a recording or the video cannot be used.
        OutputError: if the folder holds files that no demo made.
        ProcessError: if a process failed, or nothing came out.
        KeyboardInterrupt: by a signal.
    """
    from samwise_ros.demo.live import Patience, run_live
    from samwise_ros.report.scenario import read_scenario
    from samwise_ros.report.write import write_report

    output: Path = args.output
    for given in (args.bag, args.video):
        if given is not None and output.resolve() in given.resolve().parents:
            raise OutputError(f"{given} lies where the results go, in {output}; choose another --output")
    prepare(output, (*RESULTS, *BY_PRODUCTS), RESULTS[-1])
    scenario = read_scenario(_input_bag(args, output), args.image_topic)
    print(
        f"{scenario.bag}: {len(scenario.stamps)} images at {scenario.fps:.1f} Hz, "
        f"{len(scenario.sentences)} sentences\nstarting the segmenter and the recorder ..."
    )
    parameters = [
        f"device:={args.device}",
        f"precision:={args.precision}",
        f"max_rate:={args.max_rate}",
    ]
    if args.checkpoint is not None:
        parameters.append(f"checkpoint:={args.checkpoint.resolve()}")
    played = run_live(scenario, output, parameters, Patience(start=args.patience, last_frame=args.patience))
    try:
        summary = write_report(scenario, output, played, max_rate=args.max_rate)
    except OSError as error:
        raise OutputError(
            f"cannot write the report in {output} ({error.strerror or error}); make room"
        ) from error
    finish(output)
    return summary


def _input_bag(args: argparse.Namespace, output: Path) -> Path:
    if args.video is not None:
        from samwise_ros.bags.video_to_bag import video_to_bag

        bag = output / "input.mcap"
        video_to_bag(args.video, bag, image_topic=args.image_topic, expression=args.sentence)
        return bag
    if args.bag is not None:
        return Path(args.bag)
    from ament_index_python.packages import get_package_share_directory

    return Path(get_package_share_directory("samwise_ros"), "demo", "demo.mcap")


def _print_summary(summary: dict[str, Any], output: Path) -> None:
    from samwise_ros.report.write import headline

    print()
    print(headline(summary).replace("  |  ", "\n"))
    for sentence in summary["sentences"]:
        iou = "" if sentence["mean_iou"] is None else f", mean IoU {sentence['mean_iou']:.2f}"
        print(
            f"  from {sentence['from_s']:6.2f} s  {sentence['expression']!r}: "
            f"{sentence['masks']} of {sentence['frames']} frames{iou}"
        )
    for event in summary["events"]:
        print(
            f"  at   {event['time_s']:6.2f} s  switched target of {event['expression']!r}, "
            f"probability {event['probability']:.2f}, overlap {event['overlap']:.2f}"
        )
    print()
    for name in RESULTS:
        if (output / name).exists():
            print(f"  {output / name}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=NAME, description=__doc__)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--bag", type=values.path, help="recording with images and sentences (default: the one that ships)"
    )
    source.add_argument("--video", type=values.path, help="video file to convert and play; needs --sentence")
    parser.add_argument("--sentence", type=values.sentence, help="what to follow in the video")
    parser.add_argument(
        "--image-topic", type=image_topic, default=IMAGE_TOPIC, help="raw image topic (default %(default)s)"
    )
    parser.add_argument(
        "--output", type=values.path, default=Path("demo_output"), help="folder (default %(default)s)"
    )
    parser.add_argument(
        "--max-rate",
        type=numbers.real(0.0, numbers.HIGHEST_RATE),
        default=0.0,
        metavar="HZ",
        help="images per second that are segmented at most, evenly; 0: all that the machine can do "
        "(default %(default)s)",
    )
    parser.add_argument("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    parser.add_argument(
        "--device", type=values.device, default="cpu", help="as torch names it (default %(default)s)"
    )
    parser.add_argument("--precision", choices=PRECISIONS, default="float32", help="default %(default)s")
    parser.add_argument(
        "--patience",
        type=numbers.real(0, MOST_PATIENT_S, above=True),
        default=120.0,
        help="seconds to wait for the model to load, and for the last mask (default %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
