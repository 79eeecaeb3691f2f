"""Processes that train together, given the environment that torchrun gives them."""

import os
import subprocess
import sys

import pytest
import torch
from ports import free_port

from samwise.errors import ConfigurationError
from samwise.train.optimise.replicas import Replicas
from samwise.train.recipe.run import TrainingConfig
from samwise.train.recipe.stage import Stage
from samwise.train.recipe.stage_data import StageData

pytestmark = pytest.mark.slow

AVERAGE = """
import torch
from samwise.train.optimise.replicas import Replicas
replicas = Replicas.join("cpu")
tensors = [torch.full((2, 3), float(replicas.rank)), torch.tensor(10.0 * replicas.rank)]
replicas.average(tensors)
print(replicas.rank, replicas.first, [t.mean().item() for t in tensors])
"""


def test_two_processes_agree_on_the_mean():
    meeting = {
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(free_port()),
        "GLOO_SOCKET_IFNAME": "lo",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", AVERAGE],
            env=os.environ | meeting | {"RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    said = [process.communicate() for process in processes]
    assert [out for out, _ in said] == ["0 True [0.5, 5.0]\n", "1 False [0.5, 5.0]\n"], said


def test_alone_nothing_changes(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    replicas, tensor = Replicas.join("cpu"), torch.ones(3)
    replicas.average([tensor])
    assert replicas == Replicas(0, 1) and torch.equal(tensor, torch.ones(3))


def test_a_batch_that_cannot_be_shared_is_named():
    config = TrainingConfig(stages=(Stage(name="images", steps=1, data=StageData(videos=3)),))
    with pytest.raises(ConfigurationError, match=r"'images': 3 videos.*2 processes"):
        config.check_shares(2)
