from dataclasses import replace

import torch

from samwise.network.samwise import ClipFeatures
from samwise.train.auxiliary.semantics import Semantics


def features(length: int) -> ClipFeatures:
    """Of 2 videos with 3 sentences each; only the first sentence's features count."""
    torch.manual_seed(0)
    shapes = ((6, length, 4, 16, 16), (6, length, 8, 8, 8), (6, length, 32, 4, 4))
    return ClipFeatures(*(torch.randn(shape) for shape in shapes), torch.randn(6, length, 32), None, ())


def test_kinds_and_colours_count_and_motions_do_not(labelled):
    clip, batch = features(5), labelled
    torch.manual_seed(1)
    heads = Semantics(32).eval()
    for channel, counts in enumerate((True, True, False)):
        other = batch.semantics.clone()
        other[:, :, channel] = 2
        changed = heads.losses(clip, replace(batch, semantics=other)) != heads.losses(clip, batch)
        assert changed == counts
