"""`samwise bench`: time every part of the model, and another implementation alternately with it."""

from __future__ import annotations

import argparse
import platform
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from samwise.bench.report import comparison, table, throughput
from samwise.bench.run import bench
from samwise.bench.stream import Stream
from samwise.bench.subject import checked_config, subject
from samwise.model import PRECISIONS, Model
from samwise.shell import numbers, values
from samwise.shell.reports import check_report, write_json

MADE_BY = "samwise bench"
SENTENCE = "the red car on the left"
FRAMES = 8
"""Frames of noise, repeated: what an image shows does not change the time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    model = parser.add_mutually_exclusive_group()
    model.add_argument("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    model.add_argument(
        "--config",
        type=values.checked(checked_config),
        help="random weights instead: miniature or published:{tiny,small,base_plus,large}",
    )
    parser.add_argument(
        "--seed", type=numbers.seed, default=0, help="of random weights and frames (%(default)s)"
    )
    parser.add_argument("--device", type=values.device, default="cpu", help="(%(default)s)")
    parser.add_argument("--precision", default="float32", choices=PRECISIONS)
    parser.add_argument(
        "--threads",
        type=numbers.threads_or_fitting,
        default=0,
        help="of torch; 0: what suits the model (%(default)s)",
    )
    parser.add_argument("--mode", default="causal", choices=("causal", "clip"), help="clip: as published")
    parser.add_argument("--compile", action="store_true", help="compile the large parts")
    parser.add_argument("--height", type=numbers.side, default=480, help="of a frame, pixels (%(default)s)")
    parser.add_argument("--width", type=numbers.side, default=640, help="of a frame, pixels (%(default)s)")
    parser.add_argument(
        "--sentence",
        type=values.sentence,
        action="append",
        dest="sentences",
        help="what to follow; several make a batch",
    )
    parser.add_argument(
        "--warm-up",
        type=numbers.whole(1),
        default=16,
        help="frames (%(default)s); after 15 the memory is full",
    )
    parser.add_argument(
        "--rounds", type=numbers.whole(1), default=10, help="frames, or clips, timed (%(default)s)"
    )
    parser.add_argument(
        "--against",
        metavar="MODULE:FACTORY",
        help="time this alternately with ours: FACTORY() returns a function that does the work of one frame, "
        "uint8 [H, W, 3] RGB",
    )
    parser.add_argument("--json", type=values.path, metavar="FILE", help="write everything measured")


def run(args: argparse.Namespace) -> int:
    """Measure and print.

    Raises:
        SamwiseError: for an option that cannot be followed.
    """
    check_report(args.json, MADE_BY)
    segmenter = subject(args.checkpoint, args.config, args.device, args.precision, args.seed, args.threads)
    shape = (FRAMES, args.height, args.width, 3)
    frames = np.random.default_rng(args.seed).integers(0, 256, shape, dtype=np.uint8)
    stream = Stream(segmenter, args.sentences or [SENTENCE], cycle(frames), args.mode == "clip")
    with tqdm(unit=args.mode.replace("causal", "frame")) as bar:
        report = bench(
            segmenter,
            stream,
            warming=args.warm_up,
            rounds=args.rounds,
            compiling=args.compile,
            against=args.against,
            progress=bar,
        )
    setting = _setting(args, segmenter)
    print(", ".join(f"{name} {value}" for name, value in setting.items() if value is not None))
    print(table(report.rows))
    print(table([report.sentence]))
    print(f"peak memory: {report.peak_mib:.0f} MiB{'' if args.device.startswith('cuda') else ' resident'}")
    if report.recording is not None:
        print(throughput(report.recording))
    if report.against is not None:
        print(comparison(report.against))
    if args.json:
        write_json(args.json, MADE_BY, {**setting, **asdict(report)})
    return 0


def _setting(args: argparse.Namespace, segmenter: Model) -> dict[str, Any]:
    return {
        "model": args.config or str(args.checkpoint or "miniature that ships"),
        "canvas": segmenter.network.config.image_size,
        "frame": f"{args.width}x{args.height}",
        "sentences": len(args.sentences or [SENTENCE]),
        "mode": args.mode,
        "device": _device_name(segmenter.device),
        "precision": args.precision,
        "compiled": args.compile,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or device.type
