import pytest
import torch
import torch.nn.functional as F
from torch import nn

from samwise.bench.flops import counted


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_attention_counts_both_products(dtype):
    query, memory = torch.randn(2, 3, 10, 8, dtype=dtype), torch.randn(2, 3, 40, 8, dtype=dtype)
    with torch.inference_mode(), counted() as operations:
        F.scaled_dot_product_attention(query, memory, memory)
    assert operations() == 2 * (2 * 2 * 3 * 10 * 40 * 8)


def test_a_convolution_counts_a_product_and_a_sum_a_weight():
    layer = nn.Conv2d(3, 5, 7, stride=4, padding=3)
    with torch.inference_mode(), counted() as operations:
        layer(torch.randn(1, 3, 64, 64))
    assert operations() == 2 * (16 * 16) * (5 * 3 * 7 * 7)


def test_the_meter_reads_what_was_done_so_far():
    a = torch.randn(4, 4)
    with counted() as operations:
        readings = []
        for _ in range(3):
            readings.append(operations())
            a @ a
    assert readings == [0, 128, 256]
