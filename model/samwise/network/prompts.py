"""From the adapted sentence to the tokens that prompt the mask decoder (paper section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from sam2.modeling.sam.prompt_encoder import PromptEncoder
from sam2.modeling.sam2_utils import MLP
from torch import Tensor, nn


@dataclass(frozen=True)
class Prompt:
    """What prompts the mask decoder.

    Attributes:
        sparse: `[B, P, C]`: two empty points, the contextual prompt, and the motion prompt if there is one.
        dense: `[B, C, h, w]`.
        position: `[1, C, h, w]`, position encoding of the feature map.
    """

    sparse: Tensor
    dense: Tensor
    position: Tensor


class Prompts(nn.Module):
    """SAM 2's prompt encoder with a projection from text to prompts.

    Args:
        text_width: channels D of the text encoder.
        width: channels C of the mask decoder.
        grid: side of the stride-16 feature map.
        image_size: side S of the input.
        motion: whether there is a motion prompt.
    """

    def __init__(self, *, text_width: int, width: int, grid: int, image_size: int, motion: bool) -> None:
        super().__init__()
        self.encoder = PromptEncoder(
            embed_dim=width,
            image_embedding_size=(grid, grid),
            input_image_size=(image_size, image_size),
            mask_in_chans=16,
        )
        self.project_text = MLP(text_width, width, width, 3)
        self.project_motion = MLP(text_width, width, width, 3) if motion else None

    def contextual(self, state: Tensor) -> Tensor:
        """Contextual prompt rho `[N, C]` of the adapted sentence vectors `[N, D]`."""
        rho: Tensor = self.project_text(state)
        return rho

    def motion(self, tokens: Tensor, is_motion: Tensor) -> Tensor | None:
        """Motion prompt `[N, 1, C]`: the mean of the adapted verb tokens, projected.

        Args:
            tokens: adapted words `[N, L, D]`.
            is_motion: bool `[N, L]`.

        Returns:
            None if the model has no motion prompt. Rows of sentences without a verb are meaningless.
        """
        if self.project_motion is None:
            return None
        weight = is_motion.to(tokens.dtype)
        verbs = (tokens * weight[..., None]).sum(dim=1) / weight.sum(dim=1, keepdim=True).clamp(min=1)
        motion: Tensor = self.project_motion(verbs)
        return motion[:, None]

    def forward(self, rho: Tensor, motion: Tensor | None) -> Prompt:
        """Assemble the prompt from `rho [B, C]` and `motion [B, 1, C]` or None."""
        batch = rho.shape[0]
        empty_point = self.encoder.not_a_point_embed.weight.expand(batch, 2, -1).to(rho.dtype)
        tokens = [empty_point, rho[:, None]] + ([] if motion is None else [motion])
        dense = self.encoder.no_mask_embed.weight[..., None, None]
        return Prompt(
            torch.cat(tokens, dim=1),
            dense.expand(batch, -1, *self.encoder.image_embedding_size),
            self.encoder.get_dense_pe(),
        )
