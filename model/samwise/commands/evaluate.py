"""`samwise evaluate`: scores on the synthetic world's test splits."""

from __future__ import annotations

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from samwise.conditional_memory_encoder import DecisionPolicy
from samwise.errors import ConfigurationError
from samwise.evaluate.follow import MODES
from samwise.evaluate.pool import ModelSource, judge_all
from samwise.evaluate.records import Job, Record
from samwise.evaluate.report import table, to_json
from samwise.evaluate.sheets import example_sheet
from samwise.evaluate.summary import summarise
from samwise.evaluate.videos import FAMILIES, Format, seeds_of
from samwise.world.sheet import save
from samwise.world.splits import SPLITS, TEST_SPLITS

DEFAULT = Format()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--checkpoint", type=Path, help="default: the miniature that ships")
    parser.add_argument(
        "--split", nargs="+", choices=SPLITS, default=TEST_SPLITS, metavar="NAME",
        help=f"of {', '.join(SPLITS)} (default: those for tests)",
    )  # fmt: skip
    parser.add_argument("--videos", type=int, default=100, help="of each split (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another number: other videos (%(default)s)")
    parser.add_argument("--frames", type=int, default=DEFAULT.frames, help="of a video (%(default)s)")
    parser.add_argument("--fps", type=float, default=DEFAULT.fps, help="frames a second (%(default)s)")
    parser.add_argument("--mode", default="causal", choices=MODES, help="clip: as published (%(default)s)")
    parser.add_argument("--cme", default="learned", help="learned, never, always or every:N (%(default)s)")
    parser.add_argument("--no-hsa", action="store_true", help="without Hierarchical Selective Attention")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the scores to this file")
    parser.add_argument(
        "--sheets", type=Path, metavar="DIR", help="write pictures of examples to this folder"
    )
    parser.add_argument("--device", default="cpu", help="as torch names it (%(default)s)")
    parser.add_argument("--workers", type=int, help="processes; 0: only this one (default: one a core)")
    parser.add_argument("--threads", type=int, default=1, help="of torch in each process (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Evaluate; returns the exit status.

    Raises:
        SamwiseError: for an option out of range, or a model that cannot be loaded.
    """
    DecisionPolicy.parse(args.cme)
    source = ModelSource(args.checkpoint, args.device, args.threads, hsa=not args.no_hsa)
    form = Format(args.frames, DEFAULT.size, args.fps)
    jobs = [
        Job(split, seed, form, args.cme, args.mode)
        for split in args.split
        for seed in seeds_of(split, args.seed, args.videos)
    ]
    workers = len(os.sched_getaffinity(0)) if args.workers is None else args.workers
    with tqdm(judge_all(source, jobs, workers), total=len(jobs), unit="video", mininterval=1.0) as judged:
        records = [record for video in judged for record in video]
    splits = _by(records, [record.job.split for record in records], args.split)
    families = _by(records, [record.family for record in records], FAMILIES)
    print(table("split", {name: summarise(own) for name, own in splits.items()}), end="\n\n")
    print(table("family", {name: summarise(own) for name, own in families.items()}))
    if args.json:
        _write_json(args.json, args, splits, families)
    if args.sheets:
        args.sheets.mkdir(parents=True, exist_ok=True)
        for name, own in splits.items():
            save(example_sheet(own), args.sheets / f"{name}.png")
    return 0


def _by(records: Iterable[Record], keys: Iterable[str], order: Sequence[str]) -> dict[str, list[Record]]:
    """Records by key, keys in that order, without those that have none."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for key, record in zip(keys, records, strict=True):
        groups[key].append(record)
    return {name: groups[name] for name in order if name in groups}


def _write_json(
    path: Path,
    args: argparse.Namespace,
    splits: Mapping[str, Sequence[Record]],
    families: Mapping[str, Sequence[Record]],
) -> None:
    """One entry a split; beside them `families` and `settings`."""
    settings = {
        "checkpoint": None if args.checkpoint is None else args.checkpoint.name,
        "hsa": not args.no_hsa,
        **{name: getattr(args, name) for name in ("mode", "cme", "videos", "seed", "frames", "fps")},
    }
    values = {
        **{name: to_json(summarise(own)) for name, own in splits.items()},
        "families": {name: to_json(summarise(own)) for name, own in families.items()},
        "settings": settings,
    }
    try:
        path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"cannot write {str(path)!r} ({error.strerror}); does its folder exist?"
        ) from error
