"""CLIP's text transformer from the `transformers` package, driven layer by layer.

The paper's second text encoder (CLIP-B). The official repository has none, so where the adapters go is
decided here, by analogy with RoBERTa: after the same layers, the last one after the final normalisation.
"""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

from samwise.network.text_encoder import TextEncoder, additive_mask


class ClipEncoder(TextEncoder):
    """CLIP's text transformer: pre-norm, causal; the vector of the end-of-text token stands for the sentence.

    Its parameters are named as in `transformers.CLIPTextModel`, under `clip.`; load pretrained ones with
    `encoder.clip.load_state_dict(CLIPTextModel.from_pretrained(name).state_dict())`.

    Args:
        vocabulary_size: number of token ids.
        width: channels D.
        num_heads: attention heads.
        feed_forward: hidden width of the layers' MLPs.
        max_positions: rows of the position table; the longest sentence in tokens.
        stage_ends: number of layers run up to the end of each step.
        dropout: on attention weights, in training.
    """

    def __init__(
        self,
        *,
        vocabulary_size: int,
        width: int,
        num_heads: int,
        feed_forward: int,
        max_positions: int,
        stage_ends: tuple[int, ...],
        dropout: float,
    ) -> None:
        super().__init__(stage_ends, max_tokens=max_positions)
        self.clip = CLIPTextModel(
            CLIPTextConfig(
                vocab_size=vocabulary_size,
                hidden_size=width,
                num_hidden_layers=stage_ends[-1],
                num_attention_heads=num_heads,
                intermediate_size=feed_forward,
                max_position_embeddings=max_positions,
                hidden_act="quick_gelu",
                layer_norm_eps=1e-5,
                attention_dropout=dropout,
            )
        )

    def embed(self, ids: Tensor, padding: Tensor) -> Tensor:
        """Token and position embedding of `ids [B, L]`: `[B, L, D]`, zero at padding."""
        x: Tensor = self.clip.embeddings(input_ids=ids)
        return x.masked_fill(padding[..., None], 0.0)

    def stage(self, index: int, tokens: Tensor, padding: Tensor) -> Tensor:
        """Run the layers of one step on `tokens [N, L, D]`: a token attends to itself and earlier ones."""
        length = tokens.shape[1]
        earlier = torch.ones(length, length, dtype=torch.bool, device=tokens.device).tril()
        mask = additive_mask(earlier & ~padding[:, None, None, :], tokens.dtype)
        first, end = self.layers[index]
        for layer in self.clip.encoder.layers[first:end]:
            tokens = layer(tokens, attention_mask=mask)
        # Before the last adapter, not after it: RoBERTa's last adapter also adds to normalised tokens.
        return self.clip.final_layer_norm(tokens) if index == len(self.layers) - 1 else tokens

    def sentence_token(self, padding: Tensor) -> Tensor:
        """Positions `[B]` of the end-of-text token: the last one that is not padding."""
        return (~padding).sum(dim=1) - 1
