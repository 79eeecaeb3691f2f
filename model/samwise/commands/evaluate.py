"""`samwise evaluate`: scores on the synthetic world's test splits."""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from samwise.errors import SamwiseError
from samwise.evaluate.follow import MODES
from samwise.evaluate.pool import Failure, ModelSource, Verdict, judge_all
from samwise.evaluate.records import Job, Record
from samwise.evaluate.report import table, to_json
from samwise.evaluate.sheets import example_sheet
from samwise.evaluate.summary import summarise
from samwise.evaluate.world_videos import FAMILIES, VIDEOS_PER_SERIES, Format, seeds_of
from samwise.shell import numbers, values
from samwise.shell.placing import OutputError
from samwise.shell.reports import check_picture, check_report, write_json, write_png
from samwise.state.decisions import checked_policy
from samwise.world.scene.splits import SPLITS, TEST_SPLITS

MADE_BY = "samwise evaluate"
DEFAULT = Format()
MAX_FRAMES = 10_000
"""A video is drawn and kept as a whole."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--checkpoint", type=values.path, help="default: the miniature that ships")
    parser.add_argument(
        "--split", nargs="+", action="extend", choices=SPLITS, metavar="NAME",
        help=f"of {', '.join(SPLITS)} (default: those for tests)",
    )  # fmt: skip
    parser.add_argument(
        "--videos", type=numbers.whole(1, VIDEOS_PER_SERIES), default=100, help="of each split (%(default)s)"
    )
    parser.add_argument(
        "--seed",
        type=numbers.whole(0, VIDEOS_PER_SERIES - 1),
        default=0,
        help="another number: other videos (%(default)s)",
    )
    parser.add_argument(
        "--frames",
        type=numbers.whole(1, MAX_FRAMES),
        default=DEFAULT.frames,
        help="of a video (%(default)s)",
    )
    parser.add_argument(
        "--fps", type=numbers.frame_rate, default=DEFAULT.fps, help="frames a second (%(default)s)"
    )
    parser.add_argument("--mode", default="causal", choices=MODES, help="clip: as published (%(default)s)")
    parser.add_argument(
        "--cme",
        type=values.checked(checked_policy),
        default="learned",
        help="learned, never, always or every:N (%(default)s)",
    )
    parser.add_argument("--no-hsa", action="store_true", help="without Hierarchical Selective Attention")
    parser.add_argument("--json", type=values.path, metavar="FILE", help="write the scores to this file")
    parser.add_argument(
        "--sheets", type=values.path, metavar="DIR", help="write pictures of examples to this folder"
    )
    parser.add_argument("--device", type=values.device, default="cpu", help="as torch names it (%(default)s)")
    parser.add_argument(
        "--workers", type=numbers.workers, help="processes; 0: only this one (default: one a core)"
    )
    parser.add_argument(
        "--threads", type=numbers.threads, default=1, help="of torch in each process (%(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Evaluate.

    Returns:
        0; 1 if some of the videos could not be judged.

    Raises:
        SamwiseError: for a model that cannot be loaded, a report that has no place, or if no video at all
            could be judged.
    """
    splits = tuple(dict.fromkeys(args.split or TEST_SPLITS))
    check_report(args.json, MADE_BY)
    sheets = _sheets(args.sheets, splits)
    source = ModelSource(args.checkpoint, args.device, args.threads, hsa=not args.no_hsa)
    form = Format(args.frames, DEFAULT.size, args.fps)
    jobs = [
        Job(split, seed, form, args.cme, args.mode)
        for split in splits
        for seed in seeds_of(split, args.seed, args.videos)
    ]
    workers = len(os.sched_getaffinity(0)) if args.workers is None else args.workers
    with tqdm(judge_all(source, jobs, workers), total=len(jobs), unit="video", mininterval=1.0) as verdicts:
        failed, records = _separate(verdicts)
    by_split = _by(records, [record.job.split for record in records], splits)
    families = _by(records, [record.family for record in records], FAMILIES)
    print(table("split", {name: summarise(own) for name, own in by_split.items()}), end="\n\n")
    print(table("family", {name: summarise(own) for name, own in families.items()}))
    if args.json:
        _write_json(args, by_split, families, failed)
    for name, own in by_split.items():
        if name in sheets:
            write_png(sheets[name], MADE_BY, example_sheet(own))
    if failed:
        print(f"{len(failed)} of {len(jobs)} videos are not in these scores, see above", file=sys.stderr)
    return 1 if failed else 0


def _sheets(folder: Path | None, splits: Sequence[str]) -> dict[str, Path]:
    """The picture of each split, if any are wanted. Raises OutputError if there is no place for them."""
    if folder is None:
        return {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {folder} ({error.strerror}); give another one for --sheets"
        ) from error
    sheets = {split: folder / f"{split}.png" for split in splits}
    for sheet in sheets.values():
        check_picture(sheet, MADE_BY)
    return sheets


def _separate(verdicts: Iterable[Verdict]) -> tuple[list[Failure], list[Record]]:
    """The failures, each told at once, and the records of all other videos.

    Raises:
        SamwiseError: there are no records.
    """
    failed: list[Failure] = []
    records: list[Record] = []
    for verdict in verdicts:
        if isinstance(verdict, Failure):
            failed.append(verdict)
            video = f"{verdict.job.split} {verdict.job.seed}"
            tqdm.write(f"video {video} could not be judged: {verdict.reason}", file=sys.stderr)
        else:
            records.extend(verdict)
    if not records:
        raise SamwiseError("none of the videos could be judged, so there are no scores")
    return failed, records


def _by(records: Iterable[Record], keys: Iterable[str], order: Sequence[str]) -> dict[str, list[Record]]:
    """Records by key, keys in that order, without those that have none."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for key, record in zip(keys, records, strict=True):
        groups[key].append(record)
    return {name: groups[name] for name in order if name in groups}


def _write_json(
    args: argparse.Namespace,
    splits: Mapping[str, Sequence[Record]],
    families: Mapping[str, Sequence[Record]],
    failed: Sequence[Failure],
) -> None:
    """One entry a split; beside them `families`, `settings`, and `not_judged` if that is anything."""
    settings = {
        "checkpoint": None if args.checkpoint is None else args.checkpoint.name,
        "hsa": not args.no_hsa,
        **{name: getattr(args, name) for name in ("mode", "cme", "videos", "seed", "frames", "fps")},
    }
    content: dict[str, Any] = {
        **{name: to_json(summarise(own)) for name, own in splits.items()},
        "families": {name: to_json(summarise(own)) for name, own in families.items()},
        "settings": settings,
    }
    if failed:
        content["not_judged"] = [
            {"split": f.job.split, "seed": f.job.seed, "reason": f.reason} for f in failed
        ]
    write_json(args.json, MADE_BY, content)
