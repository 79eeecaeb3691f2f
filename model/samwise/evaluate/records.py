"""One line of a result: a sentence, where it comes from, and its scores."""

from __future__ import annotations

from collections.abc import Callable
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
    """

    split: str
    name: str
    video: Callable[[], LabelledVideo]
    cme: str = "learned"
    mode: str = "causal"


@dataclass(frozen=True)
class Record:
    """What became of one sentence.

    Attributes:
        split: of the video.
        video: its name in the split.
        number: of the sentence among the video's, from 0.
        expression: the sentence.
        family: what has to be understood, as in `Referral`.
        scores: how well it was followed.
        masks: the answer, bool `[T, H, W]`, packed.
    """

    split: str
    video: str
    number: int
    expression: str
    family: str
    scores: Scores
    masks: PackedMasks


def judge(model: Model, job: Job) -> tuple[Record, ...]:
    """Follow all sentences of a job's video and score them.

    Raises:
        ConfigurationError: for an unknown mode or `cme`, or a video of the world that cannot be drawn.
        DataError: for a file of the video that cannot be read.
        ExpressionError: for a sentence that the model does not take.
    """
    video = job.video()
    clip_length = clip_length_of(job.mode, model.network.config.clip_length)
    session = Session(model, cme=job.cme)
    trails = follow(session, video.frames, [r.expression for r in video.referrals], clip_length)
    return tuple(
        Record(
            job.split,
            job.name,
            i,
            referral.expression,
            referral.family,
            score(trail, np.asarray(referral.masks)),
            PackedMasks.of(trail.masks),
        )
        for i, (referral, trail) in enumerate(zip(video.referrals, trails, strict=True))
    )
