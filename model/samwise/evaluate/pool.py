"""Judges videos in several processes."""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import torch

from samwise.errors import ConfigurationError
from samwise.evaluate.records import Job, Record, judge
from samwise.segmenter import Segmenter, load


@dataclass(frozen=True)
class ModelSource:
    """What a process needs to load the model.

    Attributes:
        checkpoint: file; None: the miniature that ships.
        device: as torch names it.
        threads: of torch, in each process.
        hsa: False: run it without Hierarchical Selective Attention.
    """

    checkpoint: Path | None = None
    device: str = "cpu"
    threads: int = 1
    hsa: bool = True

    def load(self) -> Segmenter:
        """Load it. Raises like `samwise.load`."""
        return load(self.checkpoint, device=self.device, hsa=self.hsa)


def judge_all(source: ModelSource, jobs: Sequence[Job], workers: int) -> Iterator[tuple[Record, ...]]:
    """Judge videos and yield the records of each, in the order of the jobs.

    Args:
        source: of the model; every process loads its own.
        jobs: videos.
        workers: processes; 0: this one.

    Raises:
        ConfigurationError: for a negative number of workers, or a job that cannot be done.
        CheckpointError: if the model cannot be loaded.
    """
    if workers < 0:
        raise ConfigurationError(f"{workers} workers; use 0 to stay in this process, or more")
    if workers == 0:
        yield from _judge_here(source, jobs)
        return
    # Forking a process that has run torch can leave its threads' locks taken for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (source,)) as pool:
        try:
            yield from pool.map(_judge, jobs)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _judge_here(source: ModelSource, jobs: Sequence[Job]) -> Iterator[tuple[Record, ...]]:
    threads = torch.get_num_threads()
    torch.set_num_threads(source.threads)
    try:
        model = source.load()
        for job in jobs:
            yield judge(model, job)
    finally:
        torch.set_num_threads(threads)


_source: ModelSource | None = None
"""Of this worker process."""


def _start(source: ModelSource) -> None:
    global _source
    torch.set_num_threads(source.threads)
    cv2.setNumThreads(source.threads)
    _source = source


@functools.cache
def _model() -> Segmenter:
    # Loaded by the first job and not at the start: only what a job raises reaches the caller.
    assert _source is not None
    return _source.load()


def _judge(job: Job) -> tuple[Record, ...]:
    return judge(_model(), job)
