"""A clip through the model, frame by frame, as inference does it, and the losses of what comes out."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from samwise.network.mask_decoder import Prediction
from samwise.network.samwise import ClipFeatures, Samwise
from samwise.train.auxiliary.heads import Heads
from samwise.train.losses import masks as losses
from samwise.train.losses.cme_labels import decision_labels, scaled_area
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.samples.batch import Batch

MIN_AREA = 50.0
"""Pixels, at the published input size, below which a mask is too small to decide on (official recipe)."""

CERTAIN = 10.0
"""Logit of a true pixel, negative elsewhere, where a true mask is remembered."""


@dataclass(frozen=True)
class Unrolled:
    """Predictions for the frames of a clip.

    Attributes:
        tracked: one per frame, with memory.
        candidates: one per frame, without memory; None where they were not asked for.
    """

    tracked: tuple[Prediction, ...]
    candidates: tuple[Prediction | None, ...]


@dataclass(frozen=True)
class Exchange:
    """Sentences take over each other's memories.

    Attributes:
        frame: before which it happens.
        rows: long `[B]`; sentence i gets the memory of sentence `rows[i]`.
    """

    frame: int
    rows: Tensor


def unroll(
    model: Samwise,
    clip: ClipFeatures,
    memory: bool,
    memoryless: range,
    exchange: Exchange | None = None,
    pointed_out: Tensor | None = None,
) -> Unrolled:
    """Segment every frame of a clip, each conditioned on the ones before.

    Memories are made of the model's own masks, and gradients flow through them.

    Args:
        model: to run.
        clip: features of T frames.
        memory: whether frames read and write the memory bank.
        memoryless: frames for which the memory-less branch is wanted, too. On a frame with an empty bank it
            would repeat the tracked prediction, and is not run.
        exchange: if memories are to be mixed up on the way.
        pointed_out: true masks of the first frame `[B, 1, S, S]`, if they are to be remembered in place of
            the model's own, and the later frames segmented from memory alone.
    """
    bank = model.memory.new_bank()
    length = clip.rho.shape[1]
    tracked: list[Prediction] = []
    candidates: list[Prediction | None] = []
    for t in range(length):
        frame = clip.frame(t) if pointed_out is None or t == 0 else clip.frame(t).unprompted()
        if exchange is not None and t == exchange.frame:
            bank.select(exchange.rows)
        prediction = model.segment(frame, bank)
        tracked.append(prediction)
        wanted = t in memoryless and len(bank) > 0
        candidates.append(model.segment_without_memory(frame) if wanted else None)
        if memory and t + 1 < length:
            mask = prediction.high_res
            if pointed_out is not None and t == 0:
                mask = torch.where(pointed_out, CERTAIN, -CERTAIN)
            bank.append(model.remember(frame, mask, prediction.object_pointer))
    return Unrolled(tuple(tracked), tuple(candidates))


def mask_losses(
    model: Samwise,
    batch: Batch,
    weights: LossWeights,
    *,
    causal: bool,
    phase: int,
    memory: bool,
    follow: bool = False,
    stride: int = 1,
    heads: Heads | None = None,
) -> dict[str, Tensor]:
    """Weighted losses of masks and presence for a batch.

    Args:
        model: in training mode, where absent objects do not overwrite mask logits.
        batch: clips and sentences.
        weights: of the losses.
        causal: temporal mode.
        phase: number of the first frame modulo the model's clip length (causal only).
        memory: whether frames read the memory bank.
        follow: whether to learn to follow what was pointed out in the first frame, see `Mode`.
        stride: of the grid on which masks are compared, pixels.
        heads: auxiliary ones, with losses of their own.

    Returns:
        Scalars by name; their sum is what to minimise.
    """
    watching: AbstractContextManager[dict[str, Any]] = (
        nullcontext({}) if heads is None else heads.watching(model)
    )
    with watching as seen:
        clip = model.encode_clip(batch.frames, model.encode_text(batch.ids, batch.padding), causal, phase)
    found = {}
    if weights.alignment:
        found["alignment"] = weights.alignment * losses.alignment_loss(clip.rho, clip.stride16, batch.masks)
    if heads is not None:
        found |= heads.losses(clip, batch, seen)
    if not weights.decode:
        return found
    everywhere = range(batch.frames.shape[1]) if weights.memoryless else range(0)
    masks, pointed_out = batch.masks, None
    if follow:
        pointed_out = masks[:, :1]
        # Where nothing was pointed out, there is nothing to be found later.
        masks = masks & pointed_out.flatten(1).any(dim=1)[:, None, None, None]
    unrolled = unroll(model, clip, memory, everywhere, pointed_out=pointed_out)
    found |= _branch_losses(unrolled.tracked, masks, weights, stride)
    pairs = [(c, batch.masks[:, t]) for t, c in enumerate(unrolled.candidates) if c is not None]
    if pairs:
        masks = torch.stack([m for _, m in pairs], dim=1)
        extra = _branch_losses(tuple(c for c, _ in pairs), masks, weights, stride)
        found["memoryless"] = weights.memoryless * torch.stack(list(extra.values())).sum()
    return found


def _branch_losses(
    predictions: tuple[Prediction, ...], masks: Tensor, weights: LossWeights, stride: int
) -> dict[str, Tensor]:
    scores = torch.cat([p.object_score for p in predictions], dim=1)
    found = {}
    if stride == 1:
        logits, truth = torch.cat([p.high_res for p in predictions], dim=1), masks.float()
    else:
        low_res = torch.cat([p.low_res for p in predictions], dim=1)
        truth = F.avg_pool2d(masks.float(), stride)
        logits = F.interpolate(low_res, size=truth.shape[-2:], mode="bilinear", align_corners=False)
    if weights.focal:
        found["focal"] = weights.focal * losses.focal_loss(logits, truth)
    if weights.dice:
        found["dice"] = weights.dice * losses.dice_loss(logits, truth)
    if weights.jaccard:
        found["jaccard"] = weights.jaccard * losses.jaccard_loss(logits, truth)
    if weights.object_score:
        found["object_score"] = weights.object_score * losses.object_score_loss(scores, masks, weights.absent)
    return found


def decision_losses(
    model: Samwise,
    batch: Batch,
    weight: float,
    *,
    causal: bool,
    phase: int,
    first: int,
    exchange: bool = False,
) -> tuple[dict[str, Tensor], Tensor]:
    """Weighted loss of the CME for a batch; the CME's inputs carry no gradient (official recipe).

    Args:
        model: in evaluation mode but for the CME, so that it learns from what it will meet.
        batch: clips and sentences; the ground truth is not looked at.
        weight: of the loss.
        causal: temporal mode.
        phase: as for `mask_losses`.
        first: first frame of the clip to decide at.
        exchange: whether the sentences about a video exchange their memories just before that.

    Returns:
        The loss by name, and the labels, long `[B * decisions]`.
    """
    length = batch.frames.shape[1]
    with torch.no_grad():
        clip = model.encode_clip(batch.frames, model.encode_text(batch.ids, batch.padding), causal, phase)
        neighbours = Exchange(first, next_sentence(len(batch.ids), len(batch.frames))) if exchange else None
        unrolled = unroll(model, clip, True, range(first, length), neighbours)
    pairs = [(m, n) for m, n in zip(unrolled.tracked, unrolled.candidates, strict=True) if n is not None]
    min_area = scaled_area(MIN_AREA, batch.masks.shape[-1])
    labels = torch.cat(
        [
            decision_labels(m.high_res[:, 0] > 0, n.high_res[:, 0] > 0, n.object_score[:, 0], min_area)
            for m, n in pairs
        ]
    )
    logits = torch.cat([model.decide(m.object_pointer, n.early_object_pointer) for m, n in pairs])
    return {"decision": weight * losses.decision_loss(logits, labels)}, labels


def next_sentence(sentences: int, videos: int) -> Tensor:
    """For each of B sentences the next one about the same video, the last one gets the first: long `[B]`."""
    return torch.arange(sentences).view(videos, -1).roll(1, dims=1).flatten()
