"""The published memory attention is in the sam2 package: ours has to give the same numbers."""

import pytest
import torch
from sam2.modeling.memory_attention import MemoryAttention as Sam2MemoryAttention
from sam2.modeling.memory_attention import MemoryAttentionLayer as Sam2Layer
from sam2.modeling.sam.transformer import RoPEAttention

from samwise.network.memory_attention import MemoryAttention, MemoryTokens

WIDTH, MEMORY_WIDTH, GRID, FEED_FORWARD, DROPOUT = 32, 8, 4, 48, 0.5


def published() -> Sam2MemoryAttention:
    def rope(**kwargs):
        return RoPEAttention(
            embedding_dim=WIDTH, num_heads=1, dropout=DROPOUT, feat_sizes=(GRID, GRID), **kwargs
        )

    layer = Sam2Layer(
        activation="relu",
        d_model=WIDTH,
        dim_feedforward=FEED_FORWARD,
        dropout=DROPOUT,
        pos_enc_at_attn=False,
        pos_enc_at_cross_attn_keys=True,
        pos_enc_at_cross_attn_queries=False,
        self_attention=rope(),
        cross_attention=rope(rope_k_repeat=True, kv_in_dim=MEMORY_WIDTH),
    )
    return Sam2MemoryAttention(d_model=WIDTH, pos_enc_at_input=True, layer=layer, num_layers=2)


def ours() -> MemoryAttention:
    torch.manual_seed(0)
    made = MemoryAttention(
        width=WIDTH,
        memory_width=MEMORY_WIDTH,
        grid=GRID,
        num_layers=2,
        feed_forward=FEED_FORWARD,
        dropout=DROPOUT,
    )
    for parameter in made.parameters():
        parameter.data.add_(0.1 * torch.randn_like(parameter))
    return made.eval()


def tokens(frames: int) -> tuple[torch.Tensor, MemoryTokens]:
    generator = torch.Generator().manual_seed(1)

    def make(*shape):
        return torch.randn(*shape, generator=generator)

    hw = GRID * GRID
    memory = MemoryTokens(
        make(2, frames, hw, MEMORY_WIDTH), make(frames, hw, MEMORY_WIDTH), make(2, 5, MEMORY_WIDTH)
    )
    return make(2, hw, WIDTH), memory


def in_published_layout(x, memory):
    position = torch.cat((memory.positions.flatten(0, 1).expand(2, -1, -1), 0 * memory.pointers), dim=1)
    values = torch.cat((memory.frames.flatten(1, 2), memory.pointers), dim=1)
    return {
        "curr": x.transpose(0, 1),
        "memory": values.transpose(0, 1),
        "curr_pos": torch.zeros_like(x).transpose(0, 1),
        "memory_pos": position.transpose(0, 1),
        "num_obj_ptr_tokens": memory.pointers.shape[1],
    }


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("inference", [False, True], ids=["with_gradients", "inference"])
def test_equals_the_published_module(frames, inference):
    attention, reference = ours(), published().eval()
    reference.load_state_dict(attention.state_dict(), strict=True)
    x, memory = tokens(frames)
    expected = reference(**in_published_layout(x, memory)).transpose(0, 1)
    with torch.inference_mode(inference):
        torch.testing.assert_close(attention(x, memory), expected, atol=1e-5, rtol=1e-5)


def test_bfloat16_is_close_to_float32():
    attention = ours()
    x, memory = tokens(3)
    with torch.inference_mode():
        expected = attention(x, memory)
        with torch.autocast("cpu", torch.bfloat16):
            actual = attention(x, memory)
    assert (actual - expected).norm() < 0.02 * expected.norm()


def test_every_parameter_learns():
    attention = ours().train()
    attention(*tokens(2)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in attention.parameters())
    # The key's bias shifts all logits of a row alike, but for the rotation: it does matter here.
    assert all(p.grad.abs().max() > 0 for p in attention.parameters())


def test_dropout_only_in_training():
    attention = ours()
    x, memory = tokens(2)
    assert torch.equal(attention(x, memory), attention(x, memory))
    attention.train()
    assert not torch.equal(attention(x, memory), attention(x, memory))
