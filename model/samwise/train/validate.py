"""How good the model is right now, streaming as it will be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samwise.metrics import region_similarity
from samwise.model import Samwise
from samwise.segmenter import Segmenter
from samwise.session import Session
from samwise.tokenizer import Tokenizer
from samwise.train.gallery import Gallery
from samwise.train.videos import LabelledVideo


@dataclass(frozen=True)
class Score:
    """Result of a validation.

    Attributes:
        mean_iou: J, over all frames of all sentences, in [0, 1].
        visible_iou: J where the target is in the frame.
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
    session = Session(Segmenter(model, tokenizer, device, None), cme=cme)
    overlaps, visible, switches, sentences = [], [], 0, 0
    for number, video in enumerate(videos):
        session.start([referral.expression for referral in video.referrals])
        sentences += len(video.referrals)
        for t in range(len(video.frames)):
            targets = session.step(video.frames[t]).targets
            if gallery is not None:
                gallery.add(number, t, targets)
            masks = np.stack([target.mask for target in targets])
            truth = np.stack([referral.masks[t] for referral in video.referrals])
            overlaps.append(region_similarity(masks, truth))
            visible.append(truth.any(axis=(1, 2)))
            switches += sum(t.decision is not None and t.decision.switched for t in targets)
    overlap, seen = np.concatenate(overlaps), np.concatenate(visible)
    return Score(
        mean_iou=float(overlap.mean()),
        visible_iou=float(overlap[seen].mean()) if seen.any() else 1.0,
        absent_accuracy=float(overlap[~seen].mean()) if not seen.all() else 1.0,
        switches=switches / sentences,
    )
