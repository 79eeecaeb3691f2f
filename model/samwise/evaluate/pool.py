"""Judges videos in several processes."""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import torch

from samwise.errors import ConfigurationError, DataError, ExpressionError, SamwiseError
from samwise.evaluate.journal import Journal
from samwise.evaluate.protocols import JUDGES
from samwise.evaluate.records import Job, Record
from samwise.model import Model, load, without_parts
from samwise.shell.workers import Workers


@dataclass(frozen=True)
class ModelSource:
    """What a process needs to load the model.

    Attributes:
        checkpoint: file; None: the miniature that ships.
        device: as torch names it.
        devices: more of them; the processes take turns.
        threads: of torch, in each process.
        hsa: False: run it without Hierarchical Selective Attention.
    """

    checkpoint: Path | None = None
    device: str = "cpu"
    threads: int = 1
    hsa: bool = True
    devices: tuple[str, ...] = ()

    def load(self, process: int = 0) -> Model:
        """Load it. Raises like `samwise.load`.

        Args:
            process: number of the process that asks, from 0.
        """
        devices = (self.device, *self.devices)
        model = load(self.checkpoint, device=devices[process % len(devices)], threads=self.threads)
        return without_parts(model, hsa=self.hsa)


@dataclass(frozen=True)
class Failure:
    """A video that could not be judged.

    Attributes:
        job: the video and how it was followed.
        reason: one line.
    """

    job: Job
    reason: str


Verdict = tuple[Record, ...] | Failure
"""What became of one video: a record for every sentence, or why it could not be judged."""


def judged(
    source: ModelSource, jobs: Sequence[Job], workers: int, journal: Journal | None = None
) -> Iterator[Verdict]:
    """`judge_all`, but of what a journal knows already; what is new goes into it, but for failures."""
    known = {} if journal is None else journal.known
    verdicts = judge_all(source, [job for job in jobs if (job.split, job.name) not in known], workers)
    for job in jobs:
        if (job.split, job.name) in known:
            yield known[job.split, job.name]
            continue
        verdict = next(verdicts)
        if journal is not None and not isinstance(verdict, Failure):
            journal.add(job.split, job.name, verdict)
        yield verdict
    verdicts.close()


def judge_all(source: ModelSource, jobs: Sequence[Job], workers: int) -> Generator[Verdict, None, None]:
    """Judge videos and yield the verdict about each, in the order of the jobs.

    A video that cannot be judged does not affect the others.

    Args:
        source: of the model; every process loads its own.
        jobs: videos.
        workers: processes; 0: this one.

    Raises:
        SamwiseError: if what is asked for cannot be done with any video: a wrong job, a model that cannot be
            loaded, a negative number of workers, too little memory for that many.
    """
    if workers < 0:
        raise ConfigurationError(f"{workers} workers; use 0 to stay in this process, or more")
    if workers == 0:
        yield from _judge_here(source, jobs)
        return
    with Workers(workers, _start, source) as pool:
        for verdict in [pool.submit(_judge, job) for job in jobs]:
            yield verdict.result()


def _judge_here(source: ModelSource, jobs: Sequence[Job]) -> Iterator[Verdict]:
    threads = torch.get_num_threads()
    torch.set_num_threads(source.threads)
    try:
        model = source.load()
        for job in jobs:
            yield _verdict(model, job)
    finally:
        torch.set_num_threads(threads)


def _verdict(model: Model, job: Job) -> Verdict:
    try:
        return JUDGES[job.protocol](model, job)
    except (DataError, ExpressionError) as error:  # A damaged file, a sentence too long: this video's alone.
        return Failure(job, str(error).partition("\n")[0])
    except SamwiseError:
        raise
    except Exception as error:  # Whatever is wrong with one video, the others can be judged.
        return Failure(job, f"{type(error).__name__}: {error}".partition("\n")[0])


_source: ModelSource | None = None
"""Of this worker process."""


def _start(source: ModelSource) -> None:
    global _source
    torch.set_num_threads(source.threads)
    cv2.setNumThreads(source.threads)
    _source = source


@functools.cache
def _model() -> Model:
    # Loaded by the first job and not at the start: only what a job raises reaches the caller.
    assert _source is not None
    # Python numbers the processes that it starts: "SpawnProcess-3".
    number = multiprocessing.current_process().name.rpartition("-")[2]
    return _source.load(int(number) if number.isdigit() else 0)


def _judge(job: Job) -> Verdict:
    return _verdict(_model(), job)
