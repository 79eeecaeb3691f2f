"""RoBERTa from the `transformers` package, driven layer by layer (paper section 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import RobertaConfig, RobertaModel

from samwise.network.text_encoder import TextEncoder, additive_mask

PAD_TOKEN = 1


class RobertaEncoder(TextEncoder):
    """RoBERTa without its pooler. The vector of `<s>`, the first token, stands for the sentence.

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
        super().__init__(stage_ends, max_tokens=max_positions - PAD_TOKEN - 1)
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

    def embed(self, ids: Tensor, padding: Tensor) -> Tensor:
        """Token and position embedding of `ids [B, L]`: `[B, L, D]`, zero at padding."""
        x: Tensor = self.roberta.embeddings(input_ids=ids)
        return x.masked_fill(padding[..., None], 0.0)

    def stage(self, index: int, tokens: Tensor, padding: Tensor) -> Tensor:
        """Run the layers of one step on `tokens [N, L, D]`, ignoring padding as keys."""
        mask = additive_mask(~padding[:, None, None, :], tokens.dtype).expand(-1, 1, tokens.shape[1], -1)
        first, end = self.layers[index]
        for layer in self.roberta.encoder.layer[first:end]:
            tokens = layer(tokens, attention_mask=mask)
        return tokens

    def sentence_token(self, padding: Tensor) -> Tensor:
        """Positions `[B]` of `<s>`: always 0."""
        return torch.zeros(padding.shape[0], dtype=torch.long, device=padding.device)
