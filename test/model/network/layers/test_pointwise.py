import torch
from torch import nn

from samwise.network.layers.pointwise import Pointwise, compose, double_size, folded


def picture(layout=torch.contiguous_format):
    x = torch.randn(2, 6, 3, 5, generator=torch.Generator().manual_seed(0))
    return x.contiguous(memory_format=layout)


def test_equals_the_convolution_in_every_layout():
    conv = nn.Conv2d(6, 4, 1)
    for layout in (torch.contiguous_format, torch.channels_last):
        torch.testing.assert_close(Pointwise.of(conv)(picture(layout)), conv(picture()))


def test_composed_equals_one_after_the_other():
    first, second = nn.Conv2d(6, 4, 1), nn.Conv2d(4, 3, 1)
    torch.testing.assert_close(compose(first, second)(picture()), second(first(picture())))


def test_folded_equals_product_and_normalisation():
    conv, norm = nn.Conv2d(6, 4, 1, bias=False), nn.BatchNorm2d(4).eval()
    for tensor in (norm.weight, norm.bias, norm.running_mean):
        nn.init.normal_(tensor)
    nn.init.uniform_(norm.running_var, 0.5, 2.0)
    torch.testing.assert_close(folded(conv.weight.flatten(1), norm)(picture()), norm(conv(picture())))


def test_gradients_reach_both_convolutions():
    first, second = nn.Conv2d(6, 4, 1), nn.Conv2d(4, 3, 1)
    compose(first, second)(picture()).square().sum().backward()
    assert all(p.grad is not None for p in (*first.parameters(), *second.parameters()))


def test_double_size_equals_the_transposed_convolution():
    conv = nn.ConvTranspose2d(6, 4, kernel_size=2, stride=2)
    for layout in (torch.contiguous_format, torch.channels_last):
        torch.testing.assert_close(double_size(conv, picture(layout)), conv(picture()))
