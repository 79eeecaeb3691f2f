import copy

import pytest
import torch
from torch import nn

from samwise.network.layers.derived import Derived


class Doubled(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))
        self.derived, self.runs = Derived(), 0

    def forward(self):
        return self.derived.get(self._double, [self.weight])

    def _double(self):
        self.runs += 1
        return 2 * self.weight


def test_computed_once_while_parameters_stay():
    module = Doubled()
    with torch.inference_mode():
        assert module() is module()
    assert module.runs == 1


@pytest.mark.parametrize("change", ["in_place", "loaded", "replaced", "cast"])
def test_computed_anew_after_a_change(change):
    module = Doubled()
    with torch.inference_mode():
        module()
    with torch.no_grad():
        if change == "in_place":
            module.weight.fill_(3)
        elif change == "loaded":
            module.load_state_dict({"weight": torch.full((2,), 3.0)})
        elif change == "replaced":
            module.weight = nn.Parameter(torch.full((2,), 3.0))
        else:
            module.double()
    with torch.inference_mode():
        expected = 2 * module.weight
        torch.testing.assert_close(module(), expected)


def test_a_copy_has_its_own():
    module = Doubled()
    with torch.inference_mode():
        module()
    other = copy.deepcopy(module)
    with torch.no_grad():
        other.weight.fill_(3)
    with torch.inference_mode():
        assert other().tolist() == [6, 6] and module().tolist() == [2, 2]


def test_gradients_flow_after_inference():
    module = Doubled()
    with torch.inference_mode():
        module()
    module().sum().backward()
    assert module.weight.grad.tolist() == [2, 2]


def test_made_in_full_precision():
    module = nn.Linear(2, 2)
    derived = Derived()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        made = derived.get(lambda: module.weight @ module.weight, [module.weight])
    assert made.dtype == torch.float32
