"""Where batches and held-out videos come from: the synthetic world, or data sets on disk."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from torch.utils.data import Dataset

from samwise.data.layouts import DataSet
from samwise.errors import DataError, ExpressionError, SamwiseError
from samwise.text.tokenizer import Tokenizer
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.run import TrainingConfig
from samwise.train.samples.batch import Batch, Sample
from samwise.train.samples.dataset import HELD_OUT_SEED, ReferringClips, batches
from samwise.train.samples.frame_sampling import SAMPLER_OF, SAMPLERS
from samwise.train.samples.recorded_clips import Corpus, RecordedClips, trained_form
from samwise.video.labelled import LabelledVideo
from samwise.world import generate


class Library:
    """Reads every data set once."""

    def __init__(self) -> None:
        self._read: dict[DataSet, tuple[LabelledVideo, ...]] = {}

    def recordings(self, data: DataSet) -> tuple[LabelledVideo, ...]:
        """The videos of a data set.

        Raises:
            DataError: for a file or folder that is missing or of another layout.
        """
        if data not in self._read:
            self._read[data] = data.read()
        return self._read[data]

    def corpora(self, sets: Sequence[DataSet]) -> tuple[Corpus, ...]:
        """The data of a stage, each to be sampled as its layout asks for. Raises like `recordings`."""
        return tuple(
            Corpus(self.recordings(data), SAMPLERS[SAMPLER_OF.get(data.layout, "near")]) for data in sets
        )


def with_steps(config: TrainingConfig, library: Library) -> TrainingConfig:
    """The same run with the epochs of its stages counted out in steps.

    All data sets of the run are looked into here, so that a missing one is found before the first stage.

    Raises:
        DataError: for a file or folder that is missing or of another layout.
    """
    stages = []
    for stage in config.stages:
        data = stage.data
        items = sum(len(corpus.items(data.clip_length)) for corpus in library.corpora(data.sets))
        if stage.epochs:
            steps = math.ceil(stage.epochs * items / data.videos)
            stages.append(replace(stage, steps=max(1, steps), epochs=0.0))
        else:
            stages.append(stage)
    return replace(config, stages=tuple(stages))


def held_out(config: TrainingConfig, library: Library) -> Sequence[LabelledVideo]:
    """The videos to watch the training on: the first of the validation's data set, else of the world.

    Those of a data set are read once: a damaged file is found now and not after the first stage.

    Raises:
        DataError: for a file or folder that is missing, damaged or of another layout.
    """
    watch = config.validation
    if watch.data is not None:
        videos = [r.first(watch.frames) for r in library.recordings(watch.data)[: watch.videos]]
        for video in videos:
            _read_through(video)
        return videos
    return [
        generate(HELD_OUT_SEED + i, watch.split, watch.frames, config.frame_sizes[0])
        for i in range(watch.videos)
    ]


def _read_through(video: LabelledVideo) -> None:
    try:
        for t in range(len(video.frames)):
            _ = video.frames[t], [referral.masks[t] for referral in video.referrals]
    except DataError as error:
        raise DataError(f"video {video.name!r} of the validation: {error}") from error


def check_sentences(data: DataSet, recordings: Sequence[LabelledVideo], tokenizer: Tokenizer) -> None:
    """Make sure that a model takes all sentences of a data set.

    Raises:
        DataError: for one that it does not take, such as one that is too long.
    """
    for recording in recordings:
        for number, referral in enumerate(recording.referrals):
            try:
                tokenizer.encode([referral.expression, trained_form(referral.expression)])
            except ExpressionError as error:
                raise DataError(
                    f"{data.layout} in {data.root!r}, video {recording.name!r}, sentence {number}: {error}"
                ) from error


def _in_one_line(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Errors of the data processes arrive with a traceback as their text; its last line is the message.

    Raises:
        SamwiseError: of the same kind, with that line alone.
    """
    try:
        yield from batches
    except SamwiseError as error:
        *before, last = str(error).splitlines() or [""]
        if not before:
            raise
        kind = type(error)
        raise kind(last.removeprefix(f"{kind.__module__}.{kind.__qualname__}: ")) from error


class Feed:
    """Makes the batches of every stage of a run.

    Args:
        config: the run, with its epochs counted out.
        library: of the data sets.
        image_size: side S of the network's canvas, pixels.
        tokenizer: for the sentences.
        replicas: processes that share every batch.

    Raises:
        DataError: for a data set that cannot be read, or has sentences that the tokenizer does not take.
    """

    def __init__(
        self,
        config: TrainingConfig,
        library: Library,
        image_size: int,
        tokenizer: Tokenizer,
        replicas: Replicas,
    ) -> None:
        self._config, self._library, self._image_size = config, library, image_size
        self._tokenizer, self._replicas = tokenizer, replicas
        watched = [] if config.validation.data is None else [config.validation.data]
        for data in dict.fromkeys([*(data for stage in config.stages for data in stage.data.sets), *watched]):
            check_sentences(data, library.recordings(data), tokenizer)

    def __call__(self, index: int, first: int) -> Iterable[Batch]:
        """Batches of stage number `index` from step `first` on."""
        videos = self._config.stages[index].data.videos // self._replicas.count
        # The processes start here, not when the first batch is asked for.
        made = batches(self._samples(index, first), self._tokenizer, videos, self._config.workers)
        return _in_one_line(made)

    def _samples(self, index: int, first: int) -> Dataset[Sample]:
        stage, key = self._config.stages[index], (self._config.seed, index)
        data = stage.data
        start, count = first * data.videos, (stage.steps - first) * data.videos
        if data.sets:
            return RecordedClips(
                self._library.corpora(data.sets),
                data.clip_length,
                data.sentences,
                key,
                start,
                count,
                self._image_size,
                self._replicas,
            )
        sizes = self._config.frame_sizes
        return ReferringClips(
            generate,
            data,
            stage.losses.know_pixels,
            key,
            start,
            count,
            sizes,
            self._image_size,
            self._replicas,
        )
