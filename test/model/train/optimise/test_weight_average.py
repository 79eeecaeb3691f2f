import torch
from torch import nn

from samwise.train.optimise.weight_average import WeightAverage


def test_average_lies_behind_and_can_be_put_on_and_off():
    module = nn.BatchNorm1d(1)
    average = WeightAverage(module, 0.5)
    with torch.no_grad():
        module.weight.fill_(3.0)
        module.running_mean.fill_(4.0)
    average.update()  # the first update keeps 1/11 only
    with average.applied():
        assert torch.isclose(module.weight, torch.tensor(3 - 2 / 11)).all()
        assert torch.isclose(module.running_mean, torch.tensor(4 - 4 / 11)).all()
    assert module.weight.item() == 3 and module.running_mean.item() == 4
    average.apply()
    assert module.weight.item() < 3


def test_goes_on_from_a_state_dict():
    def steps(module, average, count):
        for _ in range(count):
            with torch.no_grad():
                module.weight.add_(1.0)
            average.update()

    straight, cut = nn.Linear(1, 1), nn.Linear(1, 1)
    cut.load_state_dict(straight.state_dict())
    first = WeightAverage(straight, 0.9)
    before = WeightAverage(cut, 0.9)
    steps(straight, first, 6)
    steps(cut, before, 3)
    after = WeightAverage(cut, 0.9)
    after.load_state_dict(before.state_dict())
    steps(cut, after, 3)
    first.apply()
    after.apply()
    assert torch.equal(straight.weight, cut.weight)


def test_restart_forgets():
    module = nn.Linear(1, 1)
    average = WeightAverage(module, 0.9)
    average.update()
    with torch.no_grad():
        module.weight.fill_(7.0)
    average.restart()
    average.apply()
    assert module.weight.item() == 7
