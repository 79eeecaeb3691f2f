"""Training samples from data sets on disk. Sample number i of a stage is always the same one."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

from samwise.errors import DataError
from samwise.train.optimise.replicas import Replicas
from samwise.train.samples.batch import Sample
from samwise.train.samples.dataset import make_sample
from samwise.train.samples.frame_sampling import FrameSampler
from samwise.video.labelled import LabelledVideo

TRIES = 20
"""How often a sample whose sentence names nothing in its frames is drawn again."""


@dataclass(frozen=True)
class Corpus:
    """Recordings that are sampled in the same way.

    Attributes:
        recordings: at least one.
        sampler: draws the frames of a clip.
    """

    recordings: tuple[LabelledVideo, ...]
    sampler: FrameSampler

    def items(self, clip_length: int) -> NDArray[np.int64]:
        """One item for every sentence and every `clip_length`-th frame (official recipe): int `[N, 3]`.

        The columns are the recording, the sentence and the frame.
        """
        return np.array(
            [
                (number, sentence, anchor)
                for number, recording in enumerate(self.recordings)
                for sentence in range(len(recording.referrals))
                for anchor in range(0, len(recording.frames), clip_length)
            ],
            np.int64,
        )


class RecordedClips(Dataset[Sample]):
    """Clips of recordings, in epochs: every item comes once before any comes again.

    A sample whose first sentence names nothing in any of its frames is drawn again, as in the official
    recipe, except for the last try: a data set may consist of such sentences. So is one with an unreadable
    file, with a warning that names it: one damaged picture in 100,000 need not end hours of training.

    Args:
        corpora: where to take clips from.
        clip_length: frames of a sample, T.
        sentences: sentences of a sample, K: that of the item, and others about the same video.
        key: two integers, such as the run's seed and the stage's index, that set this series apart.
        first: number of the first sample, for a run that is resumed.
        count: samples.
        image_size: side S of the network's canvas, pixels.
        replicas: processes that share the samples: this one makes every `count`-th, from its rank on.
    """

    def __init__(
        self,
        corpora: Sequence[Corpus],
        clip_length: int,
        sentences: int,
        key: tuple[int, int],
        first: int,
        count: int,
        image_size: int,
        replicas: Replicas = Replicas(),  # noqa: B008 - immutable
    ) -> None:
        self._corpora, self._clip_length, self._sentences = corpora, clip_length, sentences
        self._key, self._image_size = key, image_size
        self._first, self._count = first + replicas.rank, count // replicas.count
        self._step = replicas.count
        parts = [corpus.items(clip_length) for corpus in corpora]
        self._items = np.concatenate(parts)
        self._owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        self._order = (-1, np.arange(0))

    def __len__(self) -> int:
        """Number of samples."""
        return self._count

    def __getitem__(self, index: int) -> Sample:
        """Make sample number `index`, counted from the first.

        Raises:
            DataError: if what is drawn in its place cannot be read either.
        """
        if not 0 <= index < self._count:
            raise IndexError(index)
        number = self._first + index * self._step
        epoch, place = divmod(number, len(self._items))
        random = np.random.default_rng((*self._key, 0, number))
        item = int(self._order_of(epoch)[place])
        sample, failure = None, None
        for _ in range(TRIES):
            try:
                sample = self._sample(item, random)
                if sample.masks[0].any():
                    break
            except DataError as error:
                failure = error
                warnings.warn(f"{error}; another clip is taken in its place", stacklevel=2)
            item = int(random.integers(len(self._items)))
        if sample is None:
            raise DataError(f"{TRIES} clips in a row cannot be read, the last one: {failure}") from failure
        return sample

    def _order_of(self, epoch: int) -> NDArray[np.int64]:
        if self._order[0] != epoch:
            random = np.random.default_rng((*self._key, 1, epoch))
            self._order = epoch, random.permutation(len(self._items))
        return self._order[1]

    def _sample(self, item: int, random: np.random.Generator) -> Sample:
        corpus = self._corpora[self._owners[item]]
        number, sentence, anchor = (int(x) for x in self._items[item])
        recording = corpus.recordings[number]
        frames = corpus.sampler(anchor, len(recording.frames), self._clip_length, random)
        others = [i for i in random.permutation(len(recording.referrals)) if i != sentence]
        chosen = ([sentence, *others] * self._sentences)[: self._sentences]
        try:
            sample = make_sample(recording, frames, chosen, self._image_size)
        except DataError as error:
            expression = recording.referrals[sentence].expression
            raise DataError(
                f"video {recording.name!r}, frames {frames}, sentence {sentence} ({expression!r}): {error}"
            ) from error
        return replace(sample, expressions=tuple(trained_form(e) for e in sample.expressions))


def trained_form(expression: str) -> str:
    """A sentence as the official recipe writes it, in training only: in lower case, with single spaces."""
    return " ".join(expression.lower().split())
