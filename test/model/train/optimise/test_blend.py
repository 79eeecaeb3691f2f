import copy

import pytest
import torch

from samwise.errors import ConfigurationError
from samwise.train.optimise.blend import Blend, mix_in


def test_only_what_is_named_moves_and_as_far_as_told(learner):
    earlier = copy.deepcopy(learner)
    for value in learner.state_dict().values():
        value += 1
    mix_in(learner, earlier, ["memory.attention.*", "cme.*"], 0.75)
    old = earlier.state_dict()
    for name, value in learner.state_dict().items():
        named = name.startswith(("memory.attention.", "cme.")) and value.is_floating_point()
        torch.testing.assert_close(value - old[name], torch.full_like(value, 0.25 if named else 1), msg=name)


def test_a_share_of_one_sets_back_exactly(learner):
    earlier = copy.deepcopy(learner)
    for value in learner.state_dict().values():
        if value.is_floating_point():
            value.mul_(0.3).add_(1)
    mix_in(learner, earlier, ["*"], 1.0)
    old = earlier.state_dict()
    assert all(torch.equal(value, old[name]) for name, value in learner.state_dict().items())


def test_mistakes_are_named(learner):
    with pytest.raises(ConfigurationError, match=r"'memmory\.\*'"):
        mix_in(learner, learner, ["memory.*", "memmory.*"], 1.0)
    for share in (0.0, 1.1):
        with pytest.raises(ConfigurationError, match=f"share of 'clips' in a blend is {share}"):
            Blend("clips", ("memory.*",), share)
