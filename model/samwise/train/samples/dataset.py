"""Training samples from the synthetic world. Sample number i of a stage is always the same one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from samwise.errors import ConfigurationError
from samwise.shell.workers import deaf_children
from samwise.text.tokenizer import Tokenizer
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.stage_data import StageData
from samwise.train.samples.batch import Batch, Collate, Sample
from samwise.video.labelled import LabelledVideo
from samwise.video.preprocess import Canvas

HELD_OUT_SEED = 2**31
"""Training draws seeds of the split `train` below this; those from here on are for validation."""

POOL = 2000
"""Frames that are kept where videos are used more than once: about two gigabytes."""

VIDEOS = 1
"""Sets the random numbers that make a video apart from those that choose what is used of it."""


class ReferringClips(Dataset[Sample]):
    """Windows of videos with a few of their sentences.

    The window lies anywhere in its video, so that targets that have not come yet, are gone or have yet to
    act are met as well, and so are sentences that nothing fits.

    Args:
        source: makes videos, with the arguments of `samwise.world.generate`.
        data: clip length, video length, frame rates, sentences per sample.
        know_pixels: whether kind, colour and way of every pixel are wanted.
        key: two integers, such as the run's seed and the stage's index, that set this series apart.
        first: number of the first sample, for a run that is resumed.
        count: samples.
        frame_sizes: heights and widths to ask for, pixels.
        image_size: side S of the network's canvas, pixels.
        replicas: processes that share the samples: this one makes every `count`-th, from its rank on.
    """

    def __init__(
        self,
        source: Callable[..., LabelledVideo],
        data: StageData,
        know_pixels: bool,
        key: tuple[int, int],
        first: int,
        count: int,
        frame_sizes: Sequence[tuple[int, int]],
        image_size: int,
        replicas: Replicas = Replicas(),  # noqa: B008 - immutable
    ) -> None:
        self._source, self._data, self._know_pixels, self._key = source, data, know_pixels, key
        self._first, self._count = first + replicas.rank, count // replicas.count
        self._step = replicas.count
        self._frame_sizes, self._image_size = frame_sizes, image_size
        self._pool = max(1, POOL // data.video_length)
        self._kept: dict[int, LabelledVideo] = {}

    def __len__(self) -> int:
        """Number of samples."""
        return self._count

    def __getitem__(self, index: int) -> Sample:
        """Make sample number `index`, counted from the first."""
        if not 0 <= index < self._count:
            raise IndexError(index)
        number, data = self._first + index * self._step, self._data
        random = np.random.default_rng((*self._key, number))
        video = self._video(*divmod(number, self._pool * data.uses))
        start = int(random.integers(data.video_length - data.clip_length + 1))
        chosen = _draw(random, len(video.referrals), data.sentences)
        frames = range(start, start + data.clip_length)
        return make_sample(video, frames, chosen, self._image_size, semantics=self._know_pixels)

    def _video(self, pool: int, place: int) -> LabelledVideo:
        """The video of a sample; each pool in turn is gone through as often as asked for."""
        number = pool * self._pool + place % self._pool
        if number in self._kept:
            return self._kept[number]
        if place < self._pool:
            self._kept = {n: video for n, video in self._kept.items() if n >= pool * self._pool}
        random = np.random.default_rng((*self._key, VIDEOS, number))
        splits, (low, high) = self._data.splits, self._data.fps
        video = self._source(
            seed=int(random.integers(HELD_OUT_SEED)),
            num_frames=self._data.video_length,
            size=self._frame_sizes[int(random.integers(len(self._frame_sizes)))],
            fps=low * (high / low) ** random.random(),
            split=splits[int(random.integers(len(splits)))],
        )
        if self._data.uses > 1:
            self._kept[number] = video
        return video


def make_sample(
    video: LabelledVideo,
    frames: Sequence[int],
    referrals: Sequence[int],
    image_size: int,
    semantics: bool = False,
) -> Sample:
    """Cut some frames and sentences out of a video and bring them to the network's canvas.

    Args:
        video: to cut from.
        frames: numbers of the frames.
        referrals: numbers of the sentences.
        image_size: side S of the canvas, pixels.
        semantics: whether kind, colour and way of the pixels are wanted; only the synthetic world knows them.

    Raises:
        ConfigurationError: if they are wanted of a video that does not have them.
    """
    pictures = [video.frames[t] for t in frames]
    prepared = torch.stack([Canvas.of(p, image_size).prepare(p) for p in pictures])
    chosen = [video.referrals[i] for i in referrals]
    masks = _on_canvases(((r.masks[t].view(np.uint8) for t in frames) for r in chosen), image_size).bool()
    sentences = tuple(r.expression for r in chosen)
    if not semantics:
        return Sample(prepared, sentences, masks)
    objects = video.objects
    if objects is None:
        raise ConfigurationError(
            "the loss `semantics` needs the kind and colour of every pixel, which only the synthetic world "
            "knows; leave it out of stages with other data"
        )
    height, _ = Canvas.of(pictures[0], image_size).shown
    shifts = _on_canvases((objects.shifts(t).astype(np.float32) for t in frames), image_size)
    return Sample(
        prepared,
        sentences,
        masks,
        _on_canvases((objects.semantics(t) for t in frames), image_size),
        height * shifts,
    )


def _on_canvases(rows: Iterable[Iterable[NDArray[Any]]], image_size: int) -> Tensor:
    """Values of the pixels `[H, W]` in M rows of N, like `_on_canvas`: `[M, N, S, S]`."""
    return torch.stack([torch.stack([_on_canvas(x, image_size) for x in row]) for row in rows])


def _on_canvas(values: NDArray[Any], image_size: int) -> Tensor:
    """Values of the pixels `[H, W]`, each the nearest one's: `[S, S]` of the same type, 0 in the padding."""
    height, width = Canvas(values.shape[0], values.shape[1], image_size).shown
    if values.shape != (height, width):
        values = cv2.resize(values, (width, height), interpolation=cv2.INTER_NEAREST)
    prepared = torch.from_numpy(values)
    canvas = torch.zeros(image_size, image_size, dtype=prepared.dtype)
    canvas[:height, :width] = prepared
    return canvas


def _draw(random: np.random.Generator, available: int, wanted: int) -> list[int]:
    """Numbers of `wanted` sentences, none of them twice if there are enough."""
    rounds = -(-wanted // available)
    numbers = np.concatenate([random.permutation(available) for _ in range(rounds)])
    return [int(i) for i in numbers[:wanted]]


def batches(dataset: Dataset[Sample], tokenizer: Tokenizer, videos: int, workers: int) -> Iterable[Batch]:
    """Batches of `videos` samples in order, made in `workers` processes."""
    loader = DataLoader(
        dataset,
        batch_size=videos,
        num_workers=workers,
        collate_fn=Collate(tokenizer),
        worker_init_fn=_prepare_worker if workers else None,
        prefetch_factor=8 if workers else None,
    )
    # Their parent ends them; each would answer a signal to the whole group with a traceback.
    with deaf_children():
        return iter(loader)


def _prepare_worker(worker: int) -> None:
    """Keep a data process to one core; torch takes care of its own threads."""
    cv2.setNumThreads(0)
    # It ends with code 0 when told to end along with its parent: torch reports one that a signal has ended.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    sys.excepthook = _tell


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say nothing about a parent that has ended while a batch was handed over to it."""
    if not issubclass(kind, (ConnectionError, EOFError)):
        sys.__excepthook__(kind, error, trace)
