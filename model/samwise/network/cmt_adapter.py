"""Cross-Modal Temporal adapter: the only trained part between two frozen encoders (paper section 3.2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.network.cross_modal_attention import TextToVisualAttention, VisualToTextAttention
from samwise.network.hierarchical_selective_attention import HierarchicalSelectiveAttention
from samwise.network.layers.derived import Derived
from samwise.network.layers.pointwise import Pointwise, folded
from samwise.network.sharing import one_each
from samwise.state.temporal_cache import AdapterRing, Slot

QUIET = 0.1
"""Scale of what fresh adapters add."""


class CMTAdapter(nn.Module):
    """Projects both modalities down, lets them attend over time and to each other, projects up.

    Args:
        visual_width: channels Cv of the Hiera stage.
        text_width: channels D of the text encoder.
        width: channels C inside the adapter.
        num_heads: heads of every attention.
        hsa_patch: window side of the Hierarchical Selective Attention, or None to leave it out.
        clip_length: T of causal mode.
        dropout: inside HSA, in training.
        visual_to_text: whether visual tokens are gated by words.
        text_to_visual: whether words are gated by visual tokens, and so changed at all.

    A part that is left out has no parameters. Without both HSA and `visual_to_text` nothing is added to the
    visual stream; without `text_to_visual`, nothing to the text.
    """

    def __init__(
        self,
        *,
        visual_width: int,
        text_width: int,
        width: int,
        num_heads: int,
        hsa_patch: int | None,
        clip_length: int,
        dropout: float,
        visual_to_text: bool = True,
        text_to_visual: bool = True,
    ) -> None:
        super().__init__()
        self.visual_down = nn.Conv2d(visual_width, width, 1, bias=False)
        self.visual_down_norm = nn.BatchNorm2d(width)
        self.text_down = (
            nn.Linear(text_width, width, bias=False) if visual_to_text or text_to_visual else None
        )
        self.hsa = (
            HierarchicalSelectiveAttention(
                width=width,
                num_heads=num_heads,
                patch=hsa_patch,
                clip_length=clip_length,
                dropout=dropout,
            )
            if hsa_patch
            else None
        )
        self.visual_to_text = VisualToTextAttention(width, num_heads) if visual_to_text else None
        self.text_to_visual = TextToVisualAttention(width, num_heads) if text_to_visual else None
        changes_visual = self.hsa is not None or visual_to_text
        self.visual_up = nn.ConvTranspose2d(width, visual_width, 1, bias=False) if changes_visual else None
        self.visual_up_norm = nn.BatchNorm2d(visual_width) if changes_visual else None
        self.text_up = nn.Linear(width, text_width, bias=False) if text_to_visual else None
        # Training starts close to the two encoders as they are: what is added is small, but not zero, since
        # at zero the ReLU after the normalisation would block the gradient.
        if self.visual_up_norm is not None:
            nn.init.constant_(self.visual_up_norm.weight, QUIET)
        if self.text_up is not None:
            with torch.no_grad():
                self.text_up.weight.mul_(QUIET)
        self._down: Derived[Pointwise] = Derived()
        self._up: Derived[Pointwise] = Derived()

    def forward(
        self, visual: Tensor, text: Tensor, padding: Tensor, causal: bool = False, phase: int = 0
    ) -> tuple[Tensor, Tensor]:
        """What to add to both streams for a whole clip.

        Args:
            visual: stage output, `[B, T, Cv, H, W]`, or `[V, T, Cv, H, W]` if no sentence has touched it yet:
                what precedes the sentences is then computed once for all sentences about a video.
            text: `[B, 1, L, D]`, one text for the whole clip; with `causal` `[B, T, L, D]`, one per frame.
            padding: bool `[B, L]`.
            causal: whether a frame sees only itself and earlier ones, as when streaming.
            phase: number of the first frame modulo T (causal only).

        Returns:
            Deltas, `[B, T, Cv, H, W]` and of the shape of `text`. The visual one ends in a ReLU and is never
            negative.
        """
        projected = self._project_down(visual)
        attended = projected
        if self.hsa is not None:
            attended = projected + self.hsa(projected, causal, phase)
        if causal:
            count = torch.arange(1, projected.shape[1] + 1, device=visual.device, dtype=projected.dtype)
            context = projected.cumsum(dim=1) / count[:, None, None, None]
        else:
            context = projected.mean(dim=1, keepdim=True)
        return self._fuse(attended, context, text, padding)

    def stream(
        self, visual: Tensor, text: Tensor, padding: Tensor, slot: Slot, ring: AdapterRing
    ) -> tuple[Tensor, Tensor]:
        """What to add to both streams for one frame, given the earlier frames in `ring`.

        Args and returns as for `forward` with T = 1 and `causal`.
        """
        projected = self._project_down(visual)
        projected = one_each(projected, max(len(projected), ring.rows))
        held = ring.features.store(slot, projected[:, 0])
        attended = projected
        if self.hsa is not None:
            attended = projected + self.hsa.stream(projected, slot, ring)
        return self._fuse(attended, held.mean(dim=1, keepdim=True), text, padding)

    def _project_down(self, visual: Tensor) -> Tensor:
        """`[B, T, Cv, H, W]` to `[B, T, H, W, C]`."""
        x = self._pointwise(visual.flatten(0, 1), self.visual_down, self.visual_down_norm, self._down)
        return F.relu(x).unflatten(0, visual.shape[:2]).movedim(2, -1)

    def _pointwise(
        self, x: Tensor, conv: nn.Conv2d | nn.ConvTranspose2d, norm: nn.BatchNorm2d, cache: Derived[Pointwise]
    ) -> Tensor:
        """A 1x1 convolution and its normalisation, as one product unless batch statistics are used."""
        if norm.training:
            out: Tensor = norm(conv(x))
            return out
        weight = conv.weight.flatten(1)
        if isinstance(conv, nn.ConvTranspose2d):
            weight = weight.t()
        sources = [conv.weight, norm.weight, norm.bias, norm.running_mean, norm.running_var]
        return cache.get(lambda: folded(weight, norm), [s for s in sources if s is not None])(x)

    def _fuse(
        self, attended: Tensor, context: Tensor, text: Tensor, padding: Tensor
    ) -> tuple[Tensor, Tensor]:
        """From `attended [V, T, H, W, C]`, `context [V, T', H, W, C]`, `text [B, T', L, D]` to the deltas."""
        attended, context = one_each(attended, len(text)), one_each(context, len(text))
        words = None if self.text_down is None else self.text_down(text)
        return self._visual_delta(attended, words, padding), self._text_delta(context, words, text)

    def _visual_delta(self, attended: Tensor, words: Tensor | None, padding: Tensor) -> Tensor:
        batch, frames, height, width = attended.shape[:4]
        if self.visual_up is None or self.visual_up_norm is None:
            return attended.new_zeros(batch, frames, self.visual_down.in_channels, height, width)
        tokens = attended.flatten(0, 1).flatten(1, 2)
        if self.visual_to_text is not None and words is not None:
            repeated = words.expand(-1, frames, -1, -1).flatten(0, 1)
            tokens = self.visual_to_text(tokens, repeated, padding.repeat_interleave(frames, dim=0))
        grid = tokens.transpose(1, 2).unflatten(2, (height, width))
        raised = self._pointwise(grid, self.visual_up, self.visual_up_norm, self._up)
        return F.relu(raised).unflatten(0, (batch, frames))

    def _text_delta(self, context: Tensor, words: Tensor | None, text: Tensor) -> Tensor:
        if self.text_to_visual is None or self.text_up is None or words is None:
            return torch.zeros_like(text)
        spoken = self.text_to_visual(words.flatten(0, 1), context.flatten(0, 1).flatten(1, 2))
        delta: Tensor = self.text_up(spoken)
        return delta.unflatten(0, text.shape[:2])
