"""How good the model is right now, streaming as it will be used."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samwise.evaluate.follow import follow
from samwise.evaluate.scores import score
from samwise.model import Model
from samwise.network.samwise import Samwise
from samwise.session import Session
from samwise.text.tokenizer import Tokenizer
from samwise.train.gallery import Gallery
from samwise.video.labelled import LabelledVideo


@dataclass(frozen=True)
class Score:
    """Result of a validation.

    Attributes:
        mean_iou: J, mean over sentences, in [0, 1].
        visible_iou: J over the frames that show the target, mean over the sentences that have such frames; 1
            if none has.
        absent_accuracy: share of frames without the target that are left empty; 1 if there are none.
        switches: memories rewritten per sentence.
    """

    mean_iou: float
    visible_iou: float
    absent_accuracy: float
    switches: float


def validate(
    model: Samwise,
    tokenizer: Tokenizer,
    videos: Sequence[LabelledVideo],
    cme: str = "learned",
    gallery: Gallery | None = None,
) -> Score:
    """Stream videos through the model in causal mode.

    Args:
        model: put into evaluation mode.
        tokenizer: of the model.
        videos: held out from training.
        cme: who decides about switching, see `Session`.
        gallery: of the same videos, to be shown what was found.
    """
    model.eval()
    device = next(model.parameters()).device
    session = Session(Model(model, tokenizer, device, None), cme=cme)
    scores, switches = [], 0
    for number, video in enumerate(videos):
        watch = None if gallery is None else functools.partial(gallery.add, number)
        expressions = [referral.expression for referral in video.referrals]
        for trail, referral in zip(
            follow(session, video.frames, expressions, watch=watch), video.referrals, strict=True
        ):
            truth = np.stack([referral.masks[t] for t in range(len(video.frames))])
            scores.append(score(trail, truth))
            switches += len(trail.candidates)
    visible = [s.visible_j for s in scores if s.visible_j is not None]
    absent = sum(s.absent for s in scores)
    return Score(
        mean_iou=float(np.mean([s.j for s in scores])),
        visible_iou=float(np.mean(visible)) if visible else 1.0,
        absent_accuracy=sum(s.left_empty for s in scores) / absent if absent else 1.0,
        switches=switches / len(scores),
    )
