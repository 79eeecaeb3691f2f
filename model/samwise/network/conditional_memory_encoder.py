"""Conditional Memory Encoder: notices that the memory follows the wrong object (paper section 3.4)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from samwise.network.layers.attention import MultiHeadAttention

SWITCH_GAIN = 10.0
"""lambda of the paper (section 3.4): what the candidate's logits are multiplied by when they replace the
tracked mask in the memory. 10 is the value hard-coded in the published code."""


class ConditionalMemoryEncoder(nn.Module):
    """Compares the tracked object with the answer from the current frame alone.

    Args:
        width: channels C of the object pointers.
        feed_forward: hidden width of its transformer block.
        dropout: in training.
    """

    def __init__(self, *, width: int, feed_forward: int, dropout: float) -> None:
        super().__init__()
        self.decision_token = nn.Embedding(1, width)
        self.attention = MultiHeadAttention(width, 8, dropout)
        self.norm1 = nn.LayerNorm(width)
        self.linear1 = nn.Linear(width, feed_forward)
        self.linear2 = nn.Linear(feed_forward, width)
        self.norm2 = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, 2)

    def forward(self, tracked: Tensor, candidate: Tensor) -> Tensor:
        """Decide whether the candidate is another, better match.

        Args:
            tracked: object pointer of the memory-conditioned branch `[B, C]`.
            candidate: early object pointer of the memory-less branch `[B, C]`.

        Returns:
            Logits `[B, 2]`: stay, switch.
        """
        token = self.decision_token.weight.expand(tracked.shape[0], -1).to(tracked.dtype)
        s = torch.stack((token, tracked, candidate), dim=1)
        h = self.norm1(s + self.dropout(self.attention(s, s)))
        h = self.norm2(h + self.dropout(self.linear2(self.dropout(F.relu(self.linear1(h))))))
        logits: Tensor = self.head(h[:, 0])
        return logits


def rewrite(tracked: Tensor, candidate: Tensor, gain: float = SWITCH_GAIN) -> Tensor:
    """The mask to remember after a switch: the candidate, amplified, where it is positive.

    Args:
        tracked: mask logits of the memory-conditioned branch, any shape.
        candidate: mask logits of the memory-less branch, same shape.
        gain: lambda of the paper, above 0. The memory encoder sees the sigmoid of the result: a large gain
            makes the candidate's pixels certain, 1 takes them as they are.
    """
    return torch.where(candidate > 0, gain * candidate, tracked)
