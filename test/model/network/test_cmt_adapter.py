import pytest
import torch

from samwise.network.cmt_adapter import CMTAdapter
from samwise.state.temporal_cache import AdapterRing


@pytest.fixture(params=[2, None], ids=["hsa", "no_hsa"])
def adapter(request):
    torch.manual_seed(0)
    made = CMTAdapter(
        visual_width=6,
        text_width=10,
        width=8,
        num_heads=2,
        hsa_patch=request.param,
        clip_length=4,
        dropout=0.0,
    )
    for norm in (made.visual_down_norm, made.visual_up_norm):
        norm.running_mean.normal_(std=0.1)
        norm.running_var.uniform_(0.8, 1.2)
    return made.eval()


def inputs(frames: int, texts: int):
    generator = torch.Generator().manual_seed(1)
    visual = torch.randn(2, frames, 6, 4, 4, generator=generator)
    text = torch.randn(2, 1, 5, 10, generator=generator).expand(-1, texts, -1, -1)
    return visual, text, torch.zeros(2, 5, dtype=torch.bool)


def test_shapes_and_sign(adapter):
    visual, text, padding = inputs(3, 1)
    visual_delta, text_delta = adapter(visual, text, padding)
    assert visual_delta.shape == visual.shape and text_delta.shape == text.shape
    assert (visual_delta >= 0).all() and (visual_delta > 0).any()


def test_streaming_equals_causal(adapter):
    visual, text, padding = inputs(4, 4)
    expected = adapter(visual, text, padding, causal=True)
    ring = AdapterRing(4)
    for t in range(4):
        out = adapter.stream(visual[:, t : t + 1], text[:, :1], padding, t, ring)
        torch.testing.assert_close(out[0], expected[0][:, t : t + 1])
        torch.testing.assert_close(out[1], expected[1][:, t : t + 1])


def test_padding_changes_nothing_visual(adapter):
    visual, text, padding = inputs(2, 1)
    padded = torch.cat((text, torch.randn(2, 1, 3, 10)), dim=2)
    mask = torch.cat((padding, torch.ones(2, 3, dtype=torch.bool)), dim=1)
    torch.testing.assert_close(adapter(visual, padded, mask)[0], adapter(visual, text, padding)[0])
