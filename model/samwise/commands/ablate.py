"""`samwise ablate`: train and score variants of the model."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from functools import partial
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from samwise.ablate.folder import PLOT, AblationFolder
from samwise.ablate.plan import read_plan
from samwise.ablate.plot import plot
from samwise.ablate.results import ResultFile, markdown, spreads
from samwise.ablate.runs import Failed, Result, Run, perform, runs_of
from samwise.errors import ConfigurationError, UnfinishedError
from samwise.plots import figures
from samwise.shell import numbers, values
from samwise.shell.devices import usable_device
from samwise.shell.workers import Workers
from samwise.train.recipe.shipped import Kind, names, shipped_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "plan", type=_plan, help=f"one that ships ({', '.join(names(Kind.PLAN))}), or a YAML file"
    )
    parser.add_argument(
        "--out", type=values.path, default=Path("ablation"), help="folder (default: %(default)s)"
    )
    parser.add_argument(
        "--initial",
        type=values.checkpoint,
        help="checkpoint that every training starts from (default: the miniature)",
    )
    parser.add_argument(
        "--only", nargs="+", action="extend", metavar="NAME", help="these variants and looks, no others"
    )
    parser.add_argument("--device", type=values.device, default="cpu", help="as torch names it (%(default)s)")
    parser.add_argument(
        "--workers", type=numbers.workers, help="runs at a time; 0: in this process (default: one per core)"
    )


def _plan(text: str) -> Path:
    values.path(text)  # for what is not a path at all
    return values.checked(partial(shipped_file, Kind.PLAN))(text)


def run(args: argparse.Namespace) -> int:
    """Do what the plan says and is not done yet.

    Returns:
        0; 1 if some of the runs failed.

    Raises:
        SamwiseError: for a wrong plan, a model that cannot be loaded, or a folder of something else.
    """
    plan = read_plan(args.plan)
    usable_device(args.device)
    figures()  # Fail now rather than after hours if matplotlib is missing.
    phases = [_chosen(runs, args.only) for runs in runs_of(plan, args.initial, args.out, args.device)]
    runs = [run for phase in phases for run in phase]
    _check_names(args.only, runs)
    folder = AblationFolder(args.out)
    file = folder.results
    if file.cut_off:
        print(
            "the last of the results was cut off while it was written; that run is done again",
            file=sys.stderr,
        )
    workers = len(os.sched_getaffinity(0)) if args.workers is None else args.workers
    with tqdm(total=len(runs), unit="run", mininterval=1.0) as bar:
        # Looks come after all trainings: they need the models.
        for phase in phases:
            left = [run for run in phase if file.find(run.name, run.seed, run.key) is None]
            bar.update(len(phase) - len(left))
            for result in chain(
                _lacking(left, file), _perform_all([run for run in left if _can_begin(run, file)], workers)
            ):
                if isinstance(result, Failed):
                    tqdm.write(str(result), file=sys.stderr)
                else:
                    file.append(result)
                bar.update()
    results = [found for run in runs if (found := file.find(run.name, run.seed, run.key)) is not None]
    if not results:
        raise UnfinishedError("no run came to a result, so there is no table")
    splits = plan.evaluation.splits
    table = markdown(results, splits)
    folder.write_table(table)
    plot(folder.path / PLOT, spreads(results, splits), splits)
    print(table)
    if len(results) < len(runs):
        print(
            f"{len(runs) - len(results)} of {len(runs)} runs are not in this table, see above",
            file=sys.stderr,
        )
        return 1
    return 0


def _chosen(runs: Sequence[Run], only: Sequence[str] | None) -> list[Run]:
    return [run for run in runs if only is None or run.name in only]


def _check_names(only: Sequence[str] | None, runs: Sequence[Run]) -> None:
    if unknown := [name for name in only or () if name not in {run.name for run in runs}]:
        raise ConfigurationError(f"the plan has no {unknown[0]!r}; --only takes names of variants and looks")


def _can_begin(run: Run, file: ResultFile) -> bool:
    """A folder may hold the model of a training that is not done: only a result says that it is."""
    return run.needs is None or file.find(*run.needs) is not None


def _lacking(runs: Sequence[Run], file: ResultFile) -> list[Failed]:
    return [
        Failed(run.name, run.seed, f"the training of {run.needs[0]!r}, which it looks at, is not done")
        for run in runs
        if run.needs is not None and not _can_begin(run, file)
    ]


def _perform_all(runs: Sequence[Run], workers: int) -> Iterator[Result | Failed]:
    """Results as they come."""
    if workers == 0 or len(runs) <= 1:
        yield from map(perform, runs)
        return
    with Workers(min(workers, len(runs))) as pool:
        for done in as_completed([pool.submit(perform, run) for run in runs]):
            yield done.result()
