"""One line of a result: a sentence, where it is from, and its scores."""

from __future__ import annotations

from dataclasses import dataclass

from samwise.evaluate.follow import clip_length_of, follow
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.scores import Scores, score
from samwise.evaluate.world_videos import Format, make_video
from samwise.model import Model
from samwise.session import Session


@dataclass(frozen=True)
class Job:
    """A video to be followed.

    Attributes:
        split: of the world.
        seed: of the video in its split.
        form: how it is filmed.
        cme: who decides about switching, see `Session`.
        mode: causal or clip.
    """

    split: str
    seed: int
    form: Format
    cme: str = "learned"
    mode: str = "causal"


@dataclass(frozen=True)
class Record:
    """What became of one sentence.

    Attributes:
        job: the video and how it was followed.
        number: of the sentence among the video's, from 0.
        expression: the sentence.
        family: what has to be understood, see `samwise.evaluate.world_videos`.
        scores: how well it was followed.
        masks: the answer, bool `[T, H, W]`, packed.
    """

    job: Job
    number: int
    expression: str
    family: str
    scores: Scores
    masks: PackedMasks


def judge(model: Model, job: Job) -> tuple[Record, ...]:
    """Film the video of a job, follow all its sentences and score them.

    Raises:
        ConfigurationError: for an unknown mode or `cme`, or a video that cannot be filmed.
    """
    video = make_video(job.split, job.seed, job.form)
    clip_length = clip_length_of(job.mode, model.network.config.clip_length)
    session = Session(model, cme=job.cme)
    trails = follow(session, video.frames, [q.expression for q in video.questions], clip_length)
    return tuple(
        Record(
            job,
            i,
            question.expression,
            question.family,
            score(trail, question.masks),
            PackedMasks.of(trail.masks),
        )
        for i, (question, trail) in enumerate(zip(video.questions, trails, strict=True))
    )
