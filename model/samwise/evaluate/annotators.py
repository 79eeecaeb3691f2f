"""Ref-DAVIS17 as its published evaluation scores it: objects of a video together, one writer at a time.

The sentences of one writer give one label image per frame: of the objects whose probability is at least 0.5,
the most probable one. Their masks are scored as the proposals of DAVIS 2017's unsupervised task: they are
assigned to the annotated objects so that J&F is highest in all, and pixels that the annotators did not decide
about are left out (Caelles et al., "The 2019 DAVIS Challenge on VOS", arXiv:1905.00737, section 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from samwise.errors import DataError
from samwise.evaluate.follow import clip_length_of, steps
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.records import Job, Record
from samwise.evaluate.scores import Scores
from samwise.evaluate.switches import SwitchCounts
from samwise.model import Model
from samwise.session import Session
from samwise.video.labelled import LabelledVideo
from samwise.video.metrics import contour_accuracy, region_similarity

WRITERS = 4
"""Sentence number i is about object `i // WRITERS`, by writer `i % WRITERS`."""
FOREGROUND, BACKGROUND = 0.5, 0.1
"""A probability below the first is none; the second is the background's, so any that is left exceeds it."""
UNDECIDED = 255


def judge_annotators(model: Model, job: Job) -> tuple[Record, ...]:
    """Follow all sentences of a video and score the label images of each writer.

    Returns:
        A record for every sentence; one with an empty expression for every object that no sentence is left
        for. The masks are those of the label image.

    Raises:
        ConfigurationError: as `judge`, and so for the other errors.
        DataError: if the video has no label pictures, or of an object not the sentences of all writers.
    """
    video = job.video()
    objects = len(video.referrals) // WRITERS
    if video.labels is None or not objects:
        raise DataError(
            f"video {job.name} has {len(video.referrals)} sentences; label pictures and {WRITERS} sentences "
            "of each object are needed"
        )
    clip_length = clip_length_of(job.mode, model.network.config.clip_length)
    session = Session(model, cme=job.cme, official=job.official)
    truth, decided = annotated(np.asarray(video.labels))
    records: list[Record] = []
    for writer in range(WRITERS):
        chosen = video.referrals[writer : objects * WRITERS : WRITERS]
        labels = label_images(session, video, [r.expression for r in chosen], clip_length)
        found = labels[None] == np.arange(1, len(chosen) + 1)[:, None, None, None]
        for proposal, (j, f) in assigned(found, truth, decided):
            number = proposal * WRITERS + writer
            sentence = proposal < len(chosen)
            masks = found[proposal] if sentence else np.zeros_like(decided)
            records.append(
                Record(
                    job.split,
                    job.name,
                    number,
                    chosen[proposal].expression if sentence else "",
                    "",
                    Scores(j, f, None, 0, 0, SwitchCounts()),
                    PackedMasks.of(masks),
                    str(number),
                )
            )
    return tuple(records)


def label_images(
    session: Session, video: LabelledVideo, expressions: Sequence[str], clip_length: int | None
) -> NDArray[np.uint8]:
    """Follow sentences one after the other, and give every pixel to the most probable one.

    Args:
        session: is restarted.
        video: to be followed.
        expressions: at most 254.
        clip_length: see `follow`.

    Returns:
        uint8 `[T, H, W]`: number of the sentence, from 1; 0: none. Of equal ones the first.
    """
    best: list[NDArray[np.float32]] = []
    labels: list[NDArray[np.uint8]] = []
    for number, expression in enumerate(expressions, start=1):
        session.start(expression)
        for t, (target,) in enumerate(steps(session, video.frames, clip_length)):
            if number == 1:
                best.append(np.full(target.probability.shape, BACKGROUND, np.float32))
                labels.append(np.zeros(target.probability.shape, np.uint8))
            wins = (target.probability >= FOREGROUND) & (target.probability > best[t])
            best[t][wins] = target.probability[wins]
            labels[t][wins] = number
    return np.stack(labels)


def annotated(labels: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Split label pictures, uint8 `[T, H, W]`.

    Returns:
        Masks of the objects, bool `[N, T, H, W]`, as many as the first picture has numbers; and which pixels
        the annotators decided about, bool `[T, H, W]`.
    """
    decided = labels != UNDECIDED
    numbers = np.where(decided, labels, 0)
    count = int(numbers[0].max())
    return numbers[None] == np.arange(1, count + 1)[:, None, None, None], decided


def assigned(
    found: NDArray[np.bool_], truth: NDArray[np.bool_], decided: NDArray[np.bool_]
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Assign proposals to objects, one to each, so that the sum of their mean J&F is highest.

    Args:
        found: proposals, bool `[P, T, H, W]`.
        truth: objects, bool `[N, T, H, W]`.
        decided: bool `[T, H, W]`; the others do not count.

    Yields:
        For every object number of its proposal, in rising order, and their J and F, means over frames. A
        number from P on is an empty proposal: there are fewer than objects.
    """
    from scipy.optimize import linear_sum_assignment

    # As the published code reads its pictures: it knows proposals up to the highest number that occurs.
    last = max((number for number, masks in enumerate(found, start=1) if masks.any()), default=0)
    proposals = [found[i] if i < last else np.zeros_like(decided) for i in range(max(last, len(truth)))]
    j = np.zeros((len(proposals), len(truth)))
    f = np.zeros_like(j)
    for p, masks in enumerate(proposals):
        for n, own in enumerate(truth):
            j[p, n] = region_similarity(masks & decided, own & decided).mean()
            f[p, n] = contour_accuracy(masks & decided, own & decided).mean()
    rows, columns = linear_sum_assignment(-(j + f) / 2)
    for p, n in zip(rows, columns, strict=True):
        yield int(p), (float(j[p, n]), float(f[p, n]))
