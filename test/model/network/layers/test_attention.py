import torch

from samwise.network.layers.attention import MultiHeadAttention


def test_related_alike_it_looks_for_what_looks_alike():
    torch.manual_seed(0)
    attention = MultiHeadAttention(64, 4)
    attention.relate_alike(1.8)
    tokens = torch.nn.functional.layer_norm(torch.randn(1, 20, 64), (64,))
    twins = torch.cat((tokens, tokens + 0.3 * torch.randn_like(tokens)), dim=1)
    query, (key, _) = attention.query(twins), attention.key_value(twins)
    weights = (query @ key.transpose(-1, -2) / 4).softmax(dim=-1).mean(dim=1)[0]
    other = weights[:20, 20:]
    assert (other.argmax(dim=1) == torch.arange(20)).all() and other.diagonal().mean() > 10 * other.mean()


def test_equals_torch_with_the_same_parameters():
    torch.manual_seed(0)
    ours, theirs = MultiHeadAttention(16, 4), torch.nn.MultiheadAttention(16, 4, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    query, memory = torch.randn(2, 5, 16), torch.randn(2, 7, 16)
    padding = torch.zeros(2, 7, dtype=torch.bool)
    padding[1, 4:] = True
    expected, _ = theirs(query, memory, memory, key_padding_mask=padding)
    torch.testing.assert_close(ours(query, memory, ~padding[:, None, None, :]), expected)
