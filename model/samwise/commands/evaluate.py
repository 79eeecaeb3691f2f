"""`samwise evaluate`: scores on the synthetic world's test splits, or on a data set on disk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from samwise.checkpoint.finding import find
from samwise.data.layouts import LAYOUTS, DataSet
from samwise.errors import ConfigurationError, SamwiseError
from samwise.evaluate.data_sets import data_set_jobs
from samwise.evaluate.follow import MODES
from samwise.evaluate.journal import Journal
from samwise.evaluate.pool import Failure, ModelSource, Verdict, judged
from samwise.evaluate.protocols import protocol_of
from samwise.evaluate.records import Job, Record
from samwise.evaluate.results import Results
from samwise.evaluate.sheets import example_sheet
from samwise.evaluate.submission import Submission, check_layout, check_submission, submission_file
from samwise.evaluate.world_videos import VIDEOS_PER_SERIES, Format, world_jobs
from samwise.shell import numbers, values
from samwise.shell.hashing import sha256_of
from samwise.shell.placing import OutputError
from samwise.shell.reports import check_picture, check_report, write_json, write_png
from samwise.state.decisions import checked_policy
from samwise.video.labelled import LabelledVideo
from samwise.world.scene.splits import SPLITS, TEST_SPLITS
from samwise.world.words.query import FAMILIES

MADE_BY = "samwise evaluate"
DEFAULT = Format()
VIDEOS = 100
MAX_FRAMES = 10_000
"""Each video is drawn and kept as a whole."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    parser.add_argument(
        "--data",
        type=values.checked(_data_set),
        metavar="LAYOUT:FOLDER",
        help=f"a data set on disk, in place of the synthetic world; LAYOUT is one of {', '.join(LAYOUTS)}",
    )
    parser.add_argument(
        "--split", nargs="+", action="extend", metavar="NAME",
        help=f"of {', '.join(SPLITS)} (default: those for tests); of --data: as the data set calls it "
        f"(default: {DataSet.split})",
    )  # fmt: skip
    parser.add_argument(
        "--videos",
        type=numbers.whole(1, VIDEOS_PER_SERIES),
        help=f"of each split (default: {VIDEOS}; of --data: all)",
    )
    parser.add_argument(
        "--seed",
        type=numbers.whole(0, VIDEOS_PER_SERIES - 1),
        help="another number: other videos of the world (default: 0)",
    )
    parser.add_argument(
        "--frames",
        type=numbers.whole(1, MAX_FRAMES),
        help=f"of a video (default: {DEFAULT.frames}; of --data: all)",
    )
    parser.add_argument(
        "--fps",
        type=numbers.frame_rate,
        help=f"frames per second at which the world is filmed (default: {DEFAULT.fps})",
    )
    parser.add_argument(
        "--mode",
        choices=MODES,
        help="causal: frame by frame; clip: as published, with --data in its defects, too (default: causal; "
        "with --data: clip)",
    )
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
    parser.add_argument(
        "--submission",
        type=values.path,
        metavar="ZIP",
        help="write the masks as the server of the data set wants them; its truth may be missing then",
    )
    parser.add_argument(
        "--journal",
        type=values.path,
        metavar="FILE",
        help="keep what is judged in this file; if it is there, go on from it, as after a kill",
    )
    parser.add_argument(
        "--device", type=values.device, nargs="+", action="extend", metavar="NAME",
        help="as torch names it; several: the processes take turns (default: cpu)",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=numbers.workers, help="processes; 0: only this one (default: one per core)"
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
    splits = _splits(args)
    mode = args.mode or ("clip" if args.data else "causal")
    check_report(args.json, MADE_BY)
    sheets = _sheets(args.sheets, splits)
    first, *others = args.device or ["cpu"]
    source = ModelSource(args.checkpoint, first, args.threads, hsa=not args.no_hsa, devices=tuple(others))
    asked, jobs = _on_data(args, splits, mode) if args.data else _on_the_world(args, splits, mode)
    settings = {
        "checkpoint": None if args.checkpoint is None else args.checkpoint.name,
        "hsa": not args.no_hsa,
        "mode": mode,
        "cme": args.cme,
        **asked,
    }
    journal = None if args.journal is None else Journal(args.journal, {**settings, **_identity(args, splits)})
    workers = len(os.sched_getaffinity(0)) if args.workers is None else args.workers
    opened = {(job.split, job.name): job.video for job in jobs}

    def video_of(record: Record) -> LabelledVideo:
        return opened[record.split, record.video]()

    with ExitStack() as closing:
        submission = None
        if args.submission is not None:
            submission = closing.enter_context(submission_file(args.submission, args.data.layout))
        verdicts = closing.enter_context(
            tqdm(judged(source, jobs, workers, journal), total=len(jobs), unit="video", mininterval=1.0)
        )
        failed, records = _separate(verdicts, submission, video_of)
    results = Results.of(records, splits, FAMILIES, failed, args.data.layout if args.data else None)
    if results.splits:
        print(results.text())
    if args.json:
        write_json(args.json, MADE_BY, results.values(settings))
    for name, own in results.splits.items():
        if name in sheets:
            write_png(sheets[name], MADE_BY, example_sheet(own, video_of))
    if args.submission is not None:
        print(f"wrote {args.submission}")
        if not failed:
            check_submission(args.submission, args.data.layout, [job.video() for job in jobs])
    if failed:
        print(f"{len(failed)} of {len(jobs)} videos are not in these results, see above", file=sys.stderr)
    return 1 if failed else 0


def _identity(args: argparse.Namespace, splits: Sequence[str]) -> dict[str, Any]:
    """What decides about results besides the settings of a report, which say nothing about this machine."""
    file = find(args.checkpoint)
    return {"splits": list(splits), "root": args.data and args.data.root, "sha256": sha256_of(file)}


def _data_set(text: str) -> DataSet:
    layout, separator, folder = text.partition(":")
    if not separator or not folder.strip():
        raise ConfigurationError(f"{text!r} is not a data set; give LAYOUT:FOLDER (mevis:MeViS_release)")
    return DataSet(layout, folder)


def _splits(args: argparse.Namespace) -> tuple[str, ...]:
    """The splits that are asked for, each once.

    Raises:
        ConfigurationError: for one that the world does not have, or an option that is for the world alone.
    """
    if args.data:
        for name in ("seed", "fps"):
            if getattr(args, name) is not None:
                raise ConfigurationError(f"--{name} chooses videos of the world; leave it out with --data")
        return tuple(dict.fromkeys(args.split or (args.data.split,)))
    if args.submission is not None:
        raise ConfigurationError("--submission is of a data set, for its server; give one with --data")
    splits = tuple(dict.fromkeys(args.split or TEST_SPLITS))
    if unknown := [split for split in splits if split not in SPLITS]:
        raise ConfigurationError(f"no split is called {unknown[0]!r}; choose from {', '.join(SPLITS)}")
    return splits


def _on_the_world(
    args: argparse.Namespace, splits: Sequence[str], mode: str
) -> tuple[dict[str, Any], list[Job]]:
    """What is asked for, with defaults filled in, and the videos."""
    series, videos = args.seed or 0, args.videos or VIDEOS
    form = Format(args.frames or DEFAULT.frames, DEFAULT.size, args.fps or DEFAULT.fps)
    settings = {"videos": videos, "seed": series, "frames": form.frames, "fps": form.fps}
    jobs = [job for split in splits for job in world_jobs(split, series, videos, form, args.cme, mode)]
    return settings, jobs


def _on_data(args: argparse.Namespace, splits: Sequence[str], mode: str) -> tuple[dict[str, Any], list[Job]]:
    """Like `_on_the_world`. Raises DataError for a data set that cannot be read."""
    data: DataSet = args.data
    if args.submission is not None:
        check_layout(data.layout)
        if len(splits) > 1:
            raise ConfigurationError(f"a submission is of one split, not of {', '.join(splits)}; give one")
    settings = {"data": data.layout, "videos": args.videos, "frames": args.frames}
    jobs = [
        job
        for split in splits
        for job in data_set_jobs(
            replace(data, split=split),
            args.videos,
            args.frames,
            args.cme,
            mode,
            official=mode == "clip",
            protocol=protocol_of(data.layout),
            annotated=args.submission is None,
        )
    ]
    return settings, jobs


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


def _separate(
    verdicts: Iterable[Verdict],
    submission: Submission | None,
    video_of: Callable[[Record], LabelledVideo],
) -> tuple[list[Failure], list[Record]]:
    """The failures, each reported at once, and the records of all other videos, which are also submitted.

    Raises:
        SamwiseError: if there are no records.
    """
    failed: list[Failure] = []
    records: list[Record] = []
    for verdict in verdicts:
        if isinstance(verdict, Failure):
            failed.append(verdict)
            tqdm.write(f"video {verdict.job.name} could not be judged: {verdict.reason}", file=sys.stderr)
            continue
        records.extend(verdict)
        for record in verdict if submission is not None else ():
            assert submission is not None
            submission.add(record, video_of(record).frame_names)
    if not records:
        raise SamwiseError("none of the videos could be judged, so there are no scores")
    return failed, records
