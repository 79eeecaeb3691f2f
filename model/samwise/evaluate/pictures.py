"""RefCOCO, RefCOCO+ and RefCOCOg as the published evaluation scores them: single pictures, by IoU."""

from __future__ import annotations

import numpy as np

from samwise.evaluate.follow import follow
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.records import Job, Record
from samwise.evaluate.scores import score
from samwise.model import Model
from samwise.session import Session
from samwise.video.preprocess import PictureCanvas


def judge_pictures(model: Model, job: Job) -> tuple[Record, ...]:
    """Find what each sentence names in a picture. Raises like `judge`."""
    video = job.video()
    session = Session(model, cme=job.cme, official=job.official, canvas=PictureCanvas)
    records = []
    for number, referral in enumerate(video.referrals):
        (trail,) = follow(session, video.frames, [referral.expression], clip_length=1)
        truth = np.asarray(referral.masks)
        overlap = int((trail.masks & truth).sum()), int((trail.masks | truth).sum())
        records.append(
            Record(
                job.split,
                job.name,
                number,
                referral.expression,
                "",
                score(trail, truth),
                PackedMasks.of(trail.masks),
                referral.key,
                overlap,
            )
        )
    return tuple(records)
