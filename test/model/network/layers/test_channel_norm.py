import torch
from sam2.modeling.sam2_utils import LayerNorm2d
from torch import nn

from samwise.network.layers.channel_norm import ChannelNorm, fuse_channel_norms


def test_equals_what_it_replaces():
    norm = LayerNorm2d(6)
    nn.init.normal_(norm.weight)
    nn.init.normal_(norm.bias)
    model = nn.Sequential(nn.Conv2d(3, 6, 1), norm)
    x = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    expected, names = model(x), list(model.state_dict())
    fuse_channel_norms(model)
    assert type(model[1]) is ChannelNorm and list(model.state_dict()) == names
    torch.testing.assert_close(model(x), expected)
