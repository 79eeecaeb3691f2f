"""`samwise soak`: stream for a long time and see whether the memory grows."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from samwise.bench.soak.plot import MADE_BY, plot
from samwise.bench.soak.run import Sample, forth_and_back, soak
from samwise.bench.soak.trend import ENOUGH, Trend, trend
from samwise.errors import SamwiseError
from samwise.model import PRECISIONS, load
from samwise.plots import figures
from samwise.session import Session
from samwise.shell import numbers, values
from samwise.shell.ending import code_of
from samwise.shell.reports import check_picture, check_report, write_json
from samwise.world import generate
from samwise.world.generate import SMALLEST_SIDE
from samwise.world.scene.splits import SEEDS_PER_SPLIT

#: The synthetic video is drawn and kept as a whole.
MAX_SIDE, MAX_VIDEO = 4096, 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    count, side = numbers.whole(1), numbers.whole(SMALLEST_SIDE, MAX_SIDE)
    parser.add_argument("--frames", type=count, default=20000, help="frames to stream (%(default)s)")
    parser.add_argument("--every", type=count, default=100, help="frames between samples (%(default)s)")
    parser.add_argument(
        "--warm-up",
        type=numbers.whole(0),
        default=2000,
        help="frames before the trend counts (%(default)s)",
    )
    parser.add_argument(
        "--limit",
        type=numbers.real(0.0, 1e9),
        default=0.2,
        help="MiB per 1000 frames up to which the memory counts as flat (%(default)s); keeping one object "
        "pointer per frame is 0.5 with the miniature",
    )
    parser.add_argument("--height", type=side, default=192, help="of a frame, pixels (%(default)s)")
    parser.add_argument("--width", type=side, default=256, help="of a frame, pixels (%(default)s)")
    parser.add_argument(
        "--video",
        type=numbers.whole(1, MAX_VIDEO),
        default=64,
        help="frames of the synthetic video, which is played back and forth (%(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=numbers.whole(0, SEEDS_PER_SPLIT - 1),
        default=0,
        help="of that video (%(default)s)",
    )
    parser.add_argument("--change-every", type=count, metavar="N", help="change the sentence every N frames")
    parser.add_argument("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    parser.add_argument("--device", type=values.device, default="cpu", help="(%(default)s)")
    parser.add_argument("--precision", default="float32", choices=PRECISIONS)
    parser.add_argument(
        "--threads",
        type=numbers.threads_or_fitting,
        default=0,
        help="of torch; 0: what suits the model (%(default)s)",
    )
    parser.add_argument(
        "--plot",
        type=values.path,
        metavar="PNG",
        default=Path("soak.png"),
        help="picture to write (%(default)s)",
    )
    parser.add_argument("--no-plot", action="store_true", help="write none: it needs matplotlib")
    parser.add_argument("--json", type=values.path, metavar="FILE", help="write the samples and the trend")


def run(args: argparse.Namespace) -> int:
    """Stream, sample and judge.

    Returns:
        0 if the memory is flat, 1 if it grows; if stopped by a signal, what a shell expects then.

    Raises:
        SamwiseError: for an option out of range, a plot without matplotlib, or a report without a place.
    """
    _check(args)
    # Better now than after half an hour.
    check_report(args.json, MADE_BY)
    if not args.no_plot:
        check_picture(args.plot, MADE_BY)
        figures()
    model = load(args.checkpoint, device=args.device, precision=args.precision, threads=args.threads)
    session = Session(model)
    video = generate(args.seed, "train", args.video, (args.height, args.width))
    sentences = [referral.expression for referral in video.referrals]
    frames = islice(forth_and_back(list(video.frames)), args.frames)
    samples: list[Sample] = []
    stopped: int | None = None
    with tqdm(frames, total=args.frames, unit="frame") as bar:
        try:
            for sample in soak(session, bar, sentences, every=args.every, change_every=args.change_every):
                samples.append(sample)
                bar.set_postfix_str(f"{sample.resident_mib:.1f} MiB")
        except KeyboardInterrupt as stop:
            stopped = code_of(stop)
    if stopped is not None:
        if sum(sample.frame > args.warm_up for sample in samples) < ENOUGH:
            return stopped
        print("stopped; the frames so far are judged")
    line = trend(samples, args.warm_up, args.limit)
    if args.json:
        write_json(args.json, MADE_BY, _document(args, samples, line))
    if not args.no_plot:
        plot(args.plot, samples, line, args.warm_up)
    verdict = "flat" if line.flat else "GROWING"
    print(
        f"{samples[-1].frame} frames: {line.slope:+.3f} MiB per 1000 frames after the first {args.warm_up}, "
        f"at {line.at(samples[-1].frame):.0f} MiB; {verdict} (limit {line.limit:g})"
    )
    verdict_code = 0 if line.flat else 1
    return verdict_code if stopped is None else stopped


def _check(args: argparse.Namespace) -> None:
    if args.frames // args.every - args.warm_up // args.every < ENOUGH:
        raise SamwiseError(
            f"--frames {args.frames} --warm-up {args.warm_up} --every {args.every} leave fewer than 3 "
            "samples to fit; stream more frames, sample more often or warm up less"
        )


def _document(args: argparse.Namespace, samples: list[Sample], line: Trend) -> dict[str, Any]:
    options = {
        k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items() if k not in ("run", "command")
    }
    return {
        "options": options,
        "slope_mib_per_1000_frames": line.slope,
        "flat": line.flat,
        "samples": [asdict(sample) for sample in samples],
    }
