"""Losses of the official training recipe, and of what a model that starts from nothing has to learn besides.

The recipe: focal plus Dice over the clip on the masks, weighted cross-entropy on the decisions. The
presence score is SAM 2's own there and never trained; here it has SAM 2's loss, binary cross-entropy.
The others say themselves where they come from.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from samwise.train.losses.cme_labels import IGNORED


def focal_loss(logits: Tensor, targets: Tensor, alpha: float = 0.25, gamma: float = 2.0) -> Tensor:
    """Focal loss, averaged over the pixels of a clip and over the batch (Lin et al., ICCV 2017).

    Args:
        logits: `[B, T, H, W]`.
        targets: `[B, T, H, W]` in {0, 1}, any dtype.
        alpha: weight of positive pixels; negative ones weigh `1 - alpha`.
        gamma: how strongly pixels that are already right are discounted.

    Returns:
        Scalar, at least 0.
    """
    truth = targets.to(logits.dtype)
    entropy = F.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    # Log-probability of the right class is -entropy, so its probability needs no second sigmoid.
    wrong = 1 - torch.exp(-entropy)
    weight = alpha * truth + (1 - alpha) * (1 - truth)
    return (weight * wrong**gamma * entropy).mean()


def dice_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Dice loss of the whole clip as one volume, averaged over the batch.

    `1 - (2 |p y| + 1) / (|p| + |y| + 1)`: frames without the target count through what is predicted there.

    Args:
        logits: `[B, T, H, W]`.
        targets: `[B, T, H, W]` in {0, 1}, any dtype.

    Returns:
        Scalar in [0, 1).
    """
    overlap, total = _volumes(logits, targets)
    return (1 - (2 * overlap + 1) / (total + 1)).mean()


def jaccard_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Jaccard loss of the whole clip as one volume, averaged over the batch (Rahman and Wang, ISVC 2016).

    `1 - (|p y| + 1) / (|p| + |y| - |p y| + 1)`: the region similarity that masks are judged by. Between two
    look-alikes it pays to outline both as long as the likelier one is right in less than 1/2 of the cases;
    with Dice, in less than 2/3.

    Args:
        logits: `[B, T, H, W]`.
        targets: `[B, T, H, W]` in {0, 1}, any dtype.

    Returns:
        Scalar in [0, 1).
    """
    overlap, total = _volumes(logits, targets)
    return (1 - (overlap + 1) / (total - overlap + 1)).mean()


def _volumes(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """`|p y|` and `|p| + |y|` of whole clips, `[B]` each."""
    probability = logits.sigmoid().flatten(1)
    truth = targets.to(logits.dtype).flatten(1)
    return (probability * truth).sum(dim=1), probability.sum(dim=1) + truth.sum(dim=1)


def object_score_loss(scores: Tensor, targets: Tensor, absent: float = 1.0) -> Tensor:
    """Binary cross-entropy of "the target is in the frame" (SAM 2, section D.2).

    Args:
        scores: logits `[B, T]`.
        targets: masks `[B, T, H, W]` in {0, 1}; a frame counts as positive if any pixel is set.
        absent: weight of frames without target. They are rarer: at 1 a hesitant score says "present".

    Returns:
        Scalar, at least 0.
    """
    present = targets.flatten(2).any(dim=2)
    weight = torch.where(present, 1.0, absent).to(scores.dtype)
    return F.binary_cross_entropy_with_logits(scores, present.to(scores.dtype), weight)


def alignment_loss(rho: Tensor, features: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy plus Dice of the plain product of sentences and pixels.

    Of pixel and text embeddings that are to match (as in LSeg, Li et al., ICLR 2022), asked of what the
    decoder is prompted with and what it looks at: before it has learned to compare the two, this tells the
    encoders what to bring together.

    Args:
        rho: contextual prompts `[B, T, C]`.
        features: `[B, T, C, h, w]`.
        targets: masks `[B, T, S, S]` in {0, 1}, S a multiple of h.
    """
    logits = torch.einsum("btc,btchw->bthw", rho, features).float() * rho.shape[-1] ** -0.5
    truth = F.avg_pool2d(targets.to(logits.dtype), targets.shape[-1] // logits.shape[-1])
    return F.binary_cross_entropy_with_logits(logits, truth) + dice_loss(logits, truth)


def decision_loss(logits: Tensor, labels: Tensor, class_weights: tuple[float, float] = (1.0, 2.0)) -> Tensor:
    """Weighted cross-entropy of the CME's decisions (paper section 3.4; weights of the official recipe).

    Args:
        logits: `[N, 2]`, "same object" and "different object".
        labels: long `[N]`: 0, 1, or `IGNORED`.
        class_weights: of the two classes.

    Returns:
        Scalar, at least 0; exactly 0, still attached to the graph, when every label is ignored.
    """
    if not (labels != IGNORED).any():
        return logits.sum() * 0.0
    weight = logits.new_tensor(class_weights)
    return F.cross_entropy(logits, labels, weight=weight, ignore_index=IGNORED)
