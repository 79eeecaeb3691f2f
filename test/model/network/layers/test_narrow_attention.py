import pytest
import torch
import torch.nn.functional as F

from samwise.network.layers import narrow_attention
from samwise.network.layers.narrow_attention import attend_in_blocks


@pytest.mark.parametrize("block", [3, 4, 100])
def test_equals_plain_attention(monkeypatch, block):
    monkeypatch.setattr(narrow_attention, "BLOCK", block)
    generator = torch.Generator().manual_seed(0)
    query = torch.randn(2, 8, 16, generator=generator)
    key, value = torch.randn(2, 11, 16, generator=generator), torch.randn(2, 11, 4, generator=generator)
    expected = F.scaled_dot_product_attention(query, key, value)
    with torch.no_grad():
        torch.testing.assert_close(attend_in_blocks(query, key, value), expected)
