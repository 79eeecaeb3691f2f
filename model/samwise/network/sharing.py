"""What is computed from a frame before a sentence has touched it serves all sentences about its video."""

from __future__ import annotations

from torch import Tensor


def one_each(visual: Tensor, sentences: int) -> Tensor:
    """Features `[V, T, ...]` of videos, repeated for B sentences, the first B / V about the first video.

    Features that already have one row per sentence are returned as they are.
    """
    videos = visual.shape[0]
    if videos == sentences:
        return visual
    if videos == 1:
        return visual.expand(sentences, *[-1] * (visual.dim() - 1))
    return visual.repeat_interleave(sentences // videos, dim=0)
