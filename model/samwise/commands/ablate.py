"""`samwise ablate`: train and score variants of the model."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from samwise.ablate.plan import read_plan
from samwise.ablate.plot import plot
from samwise.ablate.results import ResultFile, markdown, spreads
from samwise.ablate.runs import Result, Run, perform, runs_of
from samwise.errors import ConfigurationError
from samwise.soak.plot import figures


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("plan", type=Path, help="YAML file, such as configs/ablation.yaml")
    parser.add_argument("--out", type=Path, default=Path("ablation"), help="folder (default: %(default)s)")
    parser.add_argument(
        "--initial", type=Path, help="checkpoint that every training starts from (default: the miniature)"
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these variants and looks, no others")
    parser.add_argument("--device", default="cpu", help="as torch names it (%(default)s)")
    parser.add_argument("--workers", type=int, help="runs at a time; 0: here (default: one a core)")


def run(args: argparse.Namespace) -> int:
    """Do what the plan says and is not done yet; returns the exit status.

    Raises:
        SamwiseError: for a wrong plan or a model that cannot be loaded.
    """
    plan = read_plan(args.plan)
    figures()  # Found missing now rather than after hours.
    args.out.mkdir(parents=True, exist_ok=True)
    file = ResultFile(args.out / "results.jsonl")
    phases = [_chosen(runs, args.only) for runs in runs_of(plan, args.initial, args.out, args.device)]
    runs = [run for phase in phases for run in phase]
    _check_names(args.only, runs)
    workers = len(os.sched_getaffinity(0)) if args.workers is None else args.workers
    with tqdm(total=len(runs), unit="run", mininterval=1.0) as bar:
        # Looks come after all trainings: they need the models.
        for phase in phases:
            left = [run for run in phase if file.find(run.name, run.seed, run.key) is None]
            bar.update(len(phase) - len(left))
            for result in _perform_all(left, workers):
                file.append(result)
                bar.update()
    results = [found for run in runs if (found := file.find(run.name, run.seed, run.key)) is not None]
    splits = plan.evaluation.splits
    table = markdown(results, splits)
    (args.out / "table.md").write_text(table, encoding="utf-8")
    plot(args.out / "plot.png", spreads(results, splits), splits)
    print(table)
    return 0


def _chosen(runs: Sequence[Run], only: Sequence[str] | None) -> list[Run]:
    return [run for run in runs if only is None or run.name in only]


def _check_names(only: Sequence[str] | None, runs: Sequence[Run]) -> None:
    if unknown := [name for name in only or () if name not in {run.name for run in runs}]:
        raise ConfigurationError(f"the plan has no {unknown[0]!r}; --only takes names of variants and looks")


def _perform_all(runs: Sequence[Run], workers: int) -> Iterator[Result]:
    """Results as they come."""
    if workers <= 0 or len(runs) <= 1:
        yield from map(perform, runs)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        try:
            for done in as_completed([pool.submit(perform, run) for run in runs]):
                yield done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
