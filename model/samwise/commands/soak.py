"""`samwise soak`: stream for a long time and see whether the memory grows."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from samwise.errors import SamwiseError
from samwise.segmenter import PRECISIONS, load
from samwise.session import Session
from samwise.soak.plot import figures, plot
from samwise.soak.run import Sample, forth_and_back, soak
from samwise.soak.trend import Trend, trend
from samwise.world import generate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--frames", type=int, default=20000, help="frames to stream (%(default)s)")
    parser.add_argument("--every", type=int, default=100, help="frames between samples (%(default)s)")
    parser.add_argument(
        "--warm-up", type=int, default=2000, help="frames before the trend counts (%(default)s)"
    )
    parser.add_argument(
        "--limit",
        type=float,
        default=0.2,
        help="MiB per 1000 frames up to which the memory is flat (%(default)s); one object pointer kept of "
        "every frame is 0.5 with the miniature",
    )
    parser.add_argument("--height", type=int, default=192, help="of a frame, pixels (%(default)s)")
    parser.add_argument("--width", type=int, default=256, help="of a frame, pixels (%(default)s)")
    parser.add_argument(
        "--video",
        type=int,
        default=64,
        help="frames of the synthetic video that is played forth and back (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of that video (%(default)s)")
    parser.add_argument("--change-every", type=int, metavar="N", help="take another sentence every N frames")
    parser.add_argument("--checkpoint", type=Path, help="default: the miniature that ships")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", default="float32", choices=PRECISIONS)
    parser.add_argument("--threads", type=int, help="of torch; its own choice if not given")
    parser.add_argument(
        "--plot", type=Path, metavar="PNG", default=Path("soak.png"), help="picture to write (%(default)s)"
    )
    parser.add_argument("--no-plot", action="store_true", help="write none: it needs matplotlib")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the samples and the trend")


def run(args: argparse.Namespace) -> int:
    """Stream, sample and judge; returns 0 if the memory is flat, 1 if it grows.

    Raises:
        SamwiseError: for an option out of range, or a plot without matplotlib.
    """
    _check(args)
    if not args.no_plot:
        figures()  # Rather now than after half an hour.
    if args.threads:
        torch.set_num_threads(args.threads)
    session = Session(load(args.checkpoint, device=args.device, precision=args.precision))
    try:
        video = generate(args.seed, "train", args.video, (args.height, args.width))
    except ValueError as error:
        raise SamwiseError(str(error)) from error
    sentences = [referral.expression for referral in video.referrals]
    frames = islice(forth_and_back(list(video.frames)), args.frames)
    samples: list[Sample] = []
    with tqdm(frames, total=args.frames, unit="frame") as bar:
        try:
            for sample in soak(session, bar, sentences, every=args.every, change_every=args.change_every):
                samples.append(sample)
                bar.set_postfix_str(f"{sample.resident_mib:.1f} MiB")
        except KeyboardInterrupt:
            print("stopped; the frames so far are judged")
    line = trend(samples, args.warm_up, args.limit)
    if args.json:
        args.json.write_text(json.dumps(_document(args, samples, line), indent=1) + "\n", encoding="utf-8")
    if not args.no_plot:
        plot(args.plot, samples, line, args.warm_up)
    verdict = "flat" if line.flat else "GROWING"
    print(
        f"{samples[-1].frame} frames: {line.slope:+.3f} MiB per 1000 frames after the first {args.warm_up}, "
        f"at {line.at(samples[-1].frame):.0f} MiB; {verdict} (limit {line.limit:g})"
    )
    return 0 if line.flat else 1


def _check(args: argparse.Namespace) -> None:
    for name in ("frames", "every", "change_every"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise SamwiseError(f"--{name.replace('_', '-')} is {value}; use 1 or more")
    if args.frames // args.every - max(args.warm_up, 0) // args.every < 3:
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
