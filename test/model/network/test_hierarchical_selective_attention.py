import math

import torch

from samwise.network.hierarchical_selective_attention import (
    HierarchicalSelectiveAttention,
    from_windows,
    place_codes,
    time_codes,
    to_windows,
)
from samwise.state.temporal_cache import AdapterRing


def make(dropout: float = 0.0) -> HierarchicalSelectiveAttention:
    torch.manual_seed(0)
    return HierarchicalSelectiveAttention(
        width=8, num_heads=2, patch=2, clip_length=4, dropout=dropout
    ).eval()


def test_places_near_each_other_have_codes_alike():
    for patch in (2, 4, 8):
        codes = place_codes(patch, 32)
        assert codes.shape == (patch * patch, 32)
        grid = torch.cartesian_prod(torch.arange(patch), torch.arange(patch)).float()
        distance, likeness = torch.cdist(grid, grid), codes @ codes.T
        assert (likeness.argmax(dim=1) == torch.arange(patch * patch)).all()
        assert likeness[distance == 1].min() > likeness[distance == distance.max()].max()


def test_windows_are_row_major_and_invertible():
    x = torch.arange(2 * 3 * 4 * 6 * 5.0).reshape(2, 3, 4, 6, 5)
    windows = to_windows(x, 2)
    assert windows.shape == (2, 6, 3, 4, 5)
    # The second window of the first row holds columns 2 and 3 of rows 0 and 1.
    expected = torch.stack([x[0, 0, 0, 2], x[0, 0, 0, 3], x[0, 0, 1, 2], x[0, 0, 1, 3]])
    assert torch.equal(windows[0, 1, 0], expected)
    assert torch.equal(from_windows(windows, 2, 4, 6), x)


def test_time_codes_end_after_a_full_turn():
    codes = time_codes(8, 6, torch.device("cpu"))
    quarter = torch.tensor([math.sin(math.pi / 2), math.cos(math.pi / 2)])
    torch.testing.assert_close(codes[1, :2], quarter, atol=1e-6, rtol=0)
    torch.testing.assert_close(codes[7, :2], torch.tensor([0.0, 1.0]), atol=1e-5, rtol=0)


def test_a_token_sees_its_window_only():
    hsa, x = make(), torch.randn(1, 3, 4, 4, 8)
    changed = x.clone()
    changed[0, 1, 0, 0] = torch.randn(8)
    moved = (hsa(x) - hsa(changed)).abs().amax(dim=(0, 1, 4)) > 1e-6
    assert moved[:2, :2].all() and not moved[2:].any() and not moved[:, 2:].any()


def test_causal_frames_do_not_see_later_ones():
    hsa, x = make(), torch.randn(1, 4, 4, 4, 8)
    changed = x.clone()
    changed[:, 2] = torch.randn(1, 4, 4, 8)
    difference = (hsa(x, causal=True) - hsa(changed, causal=True)).abs().amax(dim=(0, 2, 3, 4))
    assert (difference[:2] == 0).all() and (difference[2:] > 1e-4).all()


def test_last_frame_of_a_clip_is_the_same_in_both_modes():
    hsa, x = make(), torch.randn(1, 4, 4, 4, 8)
    torch.testing.assert_close(hsa(x, causal=True)[:, -1], hsa(x)[:, -1])


def test_streaming_equals_causal_and_forgets_after_clip_length():
    hsa, x = make(), torch.randn(2, 7, 4, 4, 8)
    ring = AdapterRing(4)
    streamed = [hsa.stream(x[:, t : t + 1], t % 4, ring) for t in range(7)]
    torch.testing.assert_close(torch.cat(streamed[:4], dim=1), hsa(x[:, :4], causal=True))
    # The seventh frame sees frames 3 to 6, the first of which carries code 3.
    torch.testing.assert_close(streamed[6], hsa(x[:, 3:7], causal=True, phase=3)[:, -1:])
