import torch

from samwise.attention import MultiHeadAttention


def test_equals_torch_with_the_same_parameters():
    torch.manual_seed(0)
    ours, theirs = MultiHeadAttention(16, 4), torch.nn.MultiheadAttention(16, 4, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    query, memory = torch.randn(2, 5, 16), torch.randn(2, 7, 16)
    padding = torch.zeros(2, 7, dtype=torch.bool)
    padding[1, 4:] = True
    expected, _ = theirs(query, memory, memory, key_padding_mask=padding)
    torch.testing.assert_close(ours(query, memory, ~padding[:, None, None, :]), expected)
