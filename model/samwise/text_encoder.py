"""RoBERTa of the `transformers` package, driven layer by layer (paper section 3.2)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import RobertaConfig, RobertaModel

PAD_TOKEN = 1


@dataclass(frozen=True)
class TextFeatures:
    """Sentences on their way through the text encoder.

    Attributes:
        tokens: `[B, L, D]`.
        padding: bool `[B, L]`, True at padding.
        motion: bool `[B, L]`, True at tokens of verbs.
    """

    tokens: Tensor
    padding: Tensor
    motion: Tensor


class TextEncoder(nn.Module):
    """RoBERTa without pooler, run in as many steps as Hiera has stages.

    Args:
        vocabulary_size: number of token ids.
        width: channels D.
        num_heads: attention heads.
        feed_forward: hidden width of the layers' MLPs.
        max_positions: rows of the position table; two more than the longest sentence in tokens.
        stage_ends: number of layers run up to the end of each step.
        dropout: in training.
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
        super().__init__()
        self.roberta = RobertaModel(
            RobertaConfig(
                vocab_size=vocabulary_size,
                hidden_size=width,
                num_hidden_layers=stage_ends[-1],
                num_attention_heads=num_heads,
                intermediate_size=feed_forward,
                max_position_embeddings=max_positions,
                type_vocab_size=1,
                layer_norm_eps=1e-5,
                hidden_dropout_prob=dropout,
                attention_probs_dropout_prob=dropout,
                pad_token_id=PAD_TOKEN,
            ),
            add_pooling_layer=False,
        )
        # fairseq, which the published weights come from, has no token types.
        nn.init.zeros_(self.roberta.embeddings.token_type_embeddings.weight)
        self.roberta.embeddings.token_type_embeddings.weight.requires_grad_(False)
        self._layers = list(zip([0, *stage_ends[:-1]], stage_ends, strict=True))
        self.max_tokens = max_positions - PAD_TOKEN - 1

    def embed(self, ids: Tensor, padding: Tensor) -> Tensor:
        """Token and position embedding of `ids [B, L]`: `[B, L, D]`, zero at padding."""
        x: Tensor = self.roberta.embeddings(input_ids=ids)
        return x.masked_fill(padding[..., None], 0.0)

    def stage(self, index: int, tokens: Tensor, padding: Tensor) -> Tensor:
        """Run the layers of one step on `tokens [N, L, D]`, ignoring padding as keys."""
        mask = torch.zeros(padding.shape, dtype=tokens.dtype, device=tokens.device)
        mask = mask.masked_fill(padding, torch.finfo(tokens.dtype).min)[:, None, None, :]
        mask = mask.expand(-1, 1, tokens.shape[1], -1)
        first, end = self._layers[index]
        for layer in self.roberta.encoder.layer[first:end]:
            tokens = layer(tokens, attention_mask=mask)
        return tokens
