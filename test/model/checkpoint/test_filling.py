"""Weights that do not fit are listed, and such as would spoil every mask are named."""

import math

import pytest
import torch

from samwise.checkpoint.filling import filled
from samwise.errors import CheckpointError


@pytest.fixture
def state(network):
    return {name: value.clone() for name, value in network.state_dict().items()}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda state: state.pop("memory.no_memory"), r"1 missing \(memory\.no_memory\)"),
        (lambda state: state.update(extra=torch.zeros(1)), r"1 unexpected \(extra\)"),
        (
            lambda state: state.update({"memory.no_memory": torch.zeros(3)}),
            r"1 wrongly shaped \(memory\.no_memory \(3,\) instead of \(1, 1, 32\)\)",
        ),
        (
            lambda state: state.update({"memory.no_memory": torch.zeros(1, 1, 32, device="meta")}),
            r"1 without plain values \(memory\.no_memory\)",
        ),
        (
            lambda state: state.update({"memory.no_memory": torch.zeros(1, 1, 32, dtype=torch.long)}),
            r"1 without plain values \(memory\.no_memory\)",
        ),
    ],
)
def test_what_does_not_fit_is_listed(network, state, change, told):
    change(state)
    with pytest.raises(CheckpointError, match=told):
        filled(network.config, state)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_value_that_spoils_every_mask_is_named(network, state, value):
    state["memory.no_memory"][0, 0, 7] = value
    with pytest.raises(CheckpointError, match=r"memory\.no_memory hold infinite or NaN values"):
        filled(network.config, state)


def test_a_whole_state_fills_a_network_for_use(network, state):
    found = filled(network.config, state)
    assert not found.training and torch.equal(found.memory.no_memory, network.memory.no_memory)
