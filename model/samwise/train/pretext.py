"""Tasks that prepare the miniature's encoders before they meet each other.

The published model starts from a SAM 2 and a RoBERTa that know pictures and language. Their stand-ins in the
miniature learn here what those bring along: to tell the objects of a picture apart, pixel by pixel (as in
semantic segmentation), and which words go together (masked language modelling, as RoBERTa was trained).
The heads are thrown away afterwards.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.config import NUM_STAGES
from samwise.model import Samwise
from samwise.tokenizer import SPECIAL_TOKENS
from samwise.train.batch import Batch
from samwise.train.stages import LossWeights
from samwise.world.objects import KINDS
from samwise.world.palette import COLOURS

LEFT_OUT = 0.2
"""Share of the words of a sentence to be guessed."""

UNKNOWN = SPECIAL_TOKENS.index("<unk>")


class Pretext(nn.Module):
    """Heads on the encoders, and the losses of what they say.

    Args:
        width: channels C of the feature pyramid.
        text_width: channels D of the text encoder.
        vocabulary_size: of the tokenizer.
    """

    def __init__(self, width: int, text_width: int, vocabulary_size: int) -> None:
        super().__init__()
        self.merge = nn.Sequential(
            nn.Conv2d(3 * width, width, 1),
            nn.BatchNorm2d(width),
            nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1),
        )
        self.read = nn.Sequential(nn.BatchNorm2d(width), nn.GELU())
        self.kind, self.colour = (nn.Conv2d(width, 1 + len(names), 1) for names in (KINDS, COLOURS))
        self.word = nn.Sequential(nn.LayerNorm(text_width), nn.Linear(text_width, vocabulary_size))

    def losses(self, model: Samwise, batch: Batch, weights: LossWeights) -> dict[str, Tensor]:
        """Weighted losses by name.

        Args:
            model: whose encoders to train.
            batch: with `semantics` if that loss has a weight.
            weights: of the losses.
        """
        found = {}
        if weights.semantics:
            assert batch.semantics is not None  # the data set makes them for stages with this loss
            found["semantics"] = weights.semantics * self._semantics(model, batch.frames, batch.semantics)
        if weights.words:
            found["words"] = weights.words * self._words(model, batch.ids, batch.padding)
        return found

    def _semantics(self, model: Samwise, frames: Tensor, semantics: Tensor) -> Tensor:
        encoder = model.fusion.image_encoder
        x = encoder.embed(frames.flatten(0, 1))
        stages = []
        for step in range(NUM_STAGES):
            x = encoder.stage(step, x)
            stages.append(x.movedim(-1, 1))
        fine, middle, coarse = encoder.pyramid(stages)
        levels = [F.avg_pool2d(fine, 2), middle, F.interpolate(coarse, scale_factor=2.0, mode="bilinear")]
        features = self.read(self.merge(torch.cat(levels, dim=1)))
        stride = semantics.shape[-1] // features.shape[-1]
        truth = semantics.flatten(0, 1)[..., stride // 2 :: stride, stride // 2 :: stride].long()
        return balanced_cross_entropy(self.kind(features), truth[:, 0]) + balanced_cross_entropy(
            self.colour(features), truth[:, 1]
        )

    def _words(self, model: Samwise, ids: Tensor, padding: Tensor) -> Tensor:
        encoder = model.fusion.text_encoder
        left_out = (torch.rand(ids.shape, device=ids.device) < LEFT_OUT) & (ids >= len(SPECIAL_TOKENS))
        if not left_out.any():
            return ids.new_zeros((), dtype=torch.float32)
        tokens = encoder.embed(ids.masked_fill(left_out, UNKNOWN), padding)
        for step in range(NUM_STAGES):
            tokens = encoder.stage(step, tokens, padding)
        return F.cross_entropy(self.word(tokens[left_out]), ids[left_out])


def balanced_cross_entropy(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy averaged over the pixels of objects and over those of the background, half each.

    Args:
        logits: `[N, K, H, W]`.
        truth: long `[N, H, W]`, 0 on the background.
    """
    entropy = F.cross_entropy(logits, truth, reduction="none")
    thing = (truth > 0).to(entropy.dtype)
    objects = (entropy * thing).sum() / thing.sum().clamp(min=1)
    background = (entropy * (1 - thing)).sum() / (1 - thing).sum().clamp(min=1)
    return (objects + background) / 2
