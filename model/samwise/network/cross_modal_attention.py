"""Visual-to-Text and Text-to-Visual attention of the adapter (paper section 3.2).

Both gate: the attended vector multiplies the query instead of being added to it.
"""

from __future__ import annotations

from torch import Tensor, nn

from samwise.network.layers.attention import MultiHeadAttention


class VisualToTextAttention(nn.Module):
    """Visual tokens look for the words that describe them.

    Args:
        width: channels C.
        num_heads: attention heads.
    """

    def __init__(self, width: int, num_heads: int) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(width, num_heads)

    def forward(self, visual: Tensor, text: Tensor, padding: Tensor) -> Tensor:
        """Gate `visual [N, HW, C]` by `text [N, L, C]`; words where `padding [N, L]` is True are ignored."""
        return visual * self.attention(visual, text, ~padding[:, None, None, :])


class TextToVisualAttention(nn.Module):
    """Words look for what they name in the picture.

    Args:
        width: channels C.
        num_heads: attention heads.
    """

    def __init__(self, width: int, num_heads: int) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(width, num_heads)

    def forward(self, text: Tensor, visual: Tensor) -> Tensor:
        """Gate `text [N, L, C]` by `visual [N, HW, C]`, the mean of the frames attended over."""
        return text * self.attention(text, visual)
