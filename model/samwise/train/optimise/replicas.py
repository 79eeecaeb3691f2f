"""Several processes that train one model, each on its share of every batch.

`torchrun` starts them; a process that it did not start is alone. On a CPU, two processes of one thread each
train a small model about twice as fast as one of two threads: its operations are too short to be split.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True)
class Replicas:
    """This process and its peers.

    Attributes:
        rank: number of this process, from 0. The first one validates, saves and reports.
        count: of processes.
    """

    rank: int = 0
    count: int = 1

    @staticmethod
    def join(device: str) -> Replicas:
        """Join the peers that torchrun started, or be alone."""
        count = int(os.environ.get("WORLD_SIZE", "1"))
        if count == 1:
            return Replicas()
        if not dist.is_initialized():
            dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
            # Left to the interpreter, gloo's threads may outlive it and abort the process.
            atexit.register(dist.destroy_process_group)
        return Replicas(dist.get_rank(), count)

    @property
    def first(self) -> bool:
        """Whether this process is the one that validates, saves and reports."""
        return self.rank == 0

    @torch.no_grad()
    def average(self, tensors: Sequence[Tensor]) -> None:
        """Replace each tensor by its mean over the processes, all of which have to make the same call."""
        if self.count == 1 or not tensors:
            return
        flat = torch.cat([x.reshape(-1) for x in tensors])
        dist.all_reduce(flat)
        flat /= self.count
        for x, mean in zip(tensors, flat.split([x.numel() for x in tensors]), strict=True):
            x.copy_(mean.view_as(x))
