import torch
from sam2.modeling.position_encoding import apply_rotary_enc, compute_axial_cis

from samwise.network.layers.rotary import halves, rotary_table, rotate


def test_products_equal_those_of_the_complex_embedding():
    query, key = torch.randn(2, 1, 1, 9, 8, generator=torch.Generator().manual_seed(0))
    turned = apply_rotary_enc(query, key, compute_axial_cis(8, 3, 3))
    expected = turned[0] @ turned[1].transpose(2, 3)

    def ours(x):
        return rotate(halves(x.movedim(-1, 0)).movedim(0, -1), *rotary_table(3, 8))

    torch.testing.assert_close(ours(query) @ ours(key).transpose(2, 3), expected)


def test_half_precision_stays_and_is_turned_in_full():
    x = torch.randn(9, 8, generator=torch.Generator().manual_seed(0)).bfloat16()
    turned = rotate(x, *rotary_table(3, 8))
    assert turned.dtype == torch.bfloat16
    assert torch.equal(turned, rotate(x.float(), *rotary_table(3, 8)).bfloat16())
