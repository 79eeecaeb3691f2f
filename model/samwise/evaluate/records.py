"""One line of a result: a sentence, where it comes from, and its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from samwise.evaluate.follow import clip_length_of, follow
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.scores import Scores, score
from samwise.model import Model
from samwise.session import Session
from samwise.video.labelled import LabelledVideo


@dataclass(frozen=True)
class Job:
    """A video to be followed.

    Attributes:
        split: of the world or of a data set.
        name: of the video in its split.
        video: draws or opens it, in the process that follows it; it can be pickled.
        cme: who decides about switching, see `Session`.
        mode: causal or clip.
        official: as the published scripts do it: with their defects, see `Session`, and sentence by sentence.
        protocol: how it is judged, one of `samwise.evaluate.protocols.JUDGES`.
    """

    split: str
    name: str
    video: Callable[[], LabelledVideo]
    cme: str = "learned"
    mode: str = "causal"
    official: bool = False
    protocol: str = "sentences"


@dataclass(frozen=True)
class Record:
    """What became of one sentence.

    Attributes:
        split: of the video.
        video: its name in the split.
        number: of the sentence among the video's, from 0.
        expression: the sentence.
        family: what has to be understood, as in `Referral`.
        scores: how well it was followed; None where the truth is not published.
        masks: the answer, bool `[T, H, W]`, packed.
        key: what the data set's listing calls the sentence.
        overlap: pixels that answer and truth share, and that they have in all; None except for pictures.
    """

    split: str
    video: str
    number: int
    expression: str
    family: str
    scores: Scores | None
    masks: PackedMasks
    key: str = ""
    overlap: tuple[int, int] | None = None


def judge(model: Model, job: Job) -> tuple[Record, ...]:
    """Follow all sentences of a job's video and score those whose truth is known.

    Raises:
        ConfigurationError: for an unknown mode or `cme`, or a video of the world that cannot be drawn.
        DataError: for a file of the video that cannot be read.
        ExpressionError: for a sentence that the model does not take.
    """
    video = job.video()
    clip_length = clip_length_of(job.mode, model.network.config.clip_length)
    session = Session(model, cme=job.cme, official=job.official)
    numbers = range(len(video.referrals))
    records: list[Record] = []
    # Several sentences share what does not depend on them, and differ by rounding from one alone.
    for group in [[number] for number in numbers] if job.official else [list(numbers)]:
        records += _judge(session, job, video, group, clip_length)
    return tuple(records)


def _judge(
    session: Session, job: Job, video: LabelledVideo, numbers: Sequence[int], clip_length: int | None
) -> list[Record]:
    referrals = [video.referrals[number] for number in numbers]
    trails = follow(session, video.frames, [r.expression for r in referrals], clip_length)
    return [
        Record(
            job.split,
            job.name,
            number,
            referral.expression,
            referral.family,
            score(trail, np.asarray(referral.masks)) if referral.annotated else None,
            PackedMasks.of(trail.masks),
            referral.key,
        )
        for number, referral, trail in zip(numbers, referrals, trails, strict=True)
    ]
