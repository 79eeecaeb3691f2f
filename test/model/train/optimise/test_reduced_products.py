import torch
import torch.nn.functional as F

from samwise.train.optimise.reduced_products import reduced_products

CPU = torch.device("cpu")


def test_products_are_reduced_and_nothing_else():
    x = torch.randn(4, 8)
    with reduced_products(CPU, True):
        assert (x @ x.t()).dtype == torch.bfloat16 and (x + x).dtype == torch.float32
    with reduced_products(CPU, False):
        assert (x @ x.t()).dtype == torch.float32


def test_attention_stays_close_and_its_gradient_does_not_take_the_slow_path():
    q, k, v = (torch.randn(2, 1, 16, 8, requires_grad=True) for _ in range(3))
    exact = F.scaled_dot_product_attention(q, k, v)
    with reduced_products(CPU, True):
        a, b, c = (x.bfloat16() for x in (q, k, v))
        found = F.scaled_dot_product_attention(a, b, c)
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), exact, atol=0.05, rtol=0.05)
    assert "Flash" not in found.grad_fn.name()
    assert not torch.backends.cuda.fp16_bf16_reduction_math_sdp_allowed()
