import pytest
import torch
from sam2.modeling.backbones.hieradet import Hiera

from samwise.network.layers import hiera_strips
from samwise.network.layers.hiera_strips import run_blocks


def trunk(windows) -> Hiera:
    torch.manual_seed(0)
    made = Hiera(
        embed_dim=8,
        num_heads=1,
        stages=(2, 2, 3, 2),
        window_spec=windows,
        global_att_blocks=(5,),
        window_pos_embed_bkg_spatial_size=(2, 2),
    )
    return made.eval()


@pytest.mark.parametrize("windows", [(8, 4, 8, 4), (8, 4, 14, 7), (4, 4, 6, 3)], ids=str)
@pytest.mark.parametrize("frames", [1, 2])
def test_strips_change_nothing(monkeypatch, windows, frames):
    monkeypatch.setattr(hiera_strips, "TOKENS", 100)
    blocks = trunk(windows).blocks
    x = torch.randn(frames, 32, 32, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = x
        for block in blocks:
            expected = block(expected)
        torch.testing.assert_close(run_blocks(blocks, x), expected, atol=1e-5, rtol=1e-5)


def test_strips_are_used(monkeypatch):
    monkeypatch.setattr(hiera_strips, "TOKENS", 300)
    block = trunk((8, 4, 8, 4)).blocks[0]
    seen = []
    block.register_forward_hook(lambda module, args, out: seen.append(tuple(args[0].shape)))
    with torch.no_grad():
        run_blocks([block], torch.randn(1, 32, 32, 8))
    assert seen == [(1, 8, 32, 8)] * 4


def test_training_takes_the_whole_picture(monkeypatch):
    monkeypatch.setattr(hiera_strips, "TOKENS", 100)
    block = trunk((8, 4, 8, 4)).blocks[0]
    seen = []
    block.register_forward_hook(lambda module, args, out: seen.append(tuple(args[0].shape)))
    run_blocks([block], torch.randn(2, 32, 32, 8))
    assert seen == [(2, 32, 32, 8)]
