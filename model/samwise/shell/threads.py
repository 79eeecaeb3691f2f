"""How many threads compute on a CPU, and how they wait for each other."""

from __future__ import annotations

import os

#: With fewer parameters than this, an operation is over before a second thread has joined in.
SMALL_MODEL = 20_000_000


def wait_passively() -> None:
    """Make torch's threads sleep while they wait. Only works before torch is imported.

    On a busy machine, spinning threads keep each other, the camera and the middleware from running. What
    the user has set in the environment is kept.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def choose_threads(parameters: int, cores: int) -> int:
    """Return how many threads suit a model.

    Args:
        parameters: of the model.
        cores: the cores that this process may use.
    """
    return 1 if parameters < SMALL_MODEL else max(1, cores)


def use_threads(asked: int, parameters: int) -> None:
    """Set the number of threads that torch computes with, for the whole process.

    Args:
        asked: number of threads; 0: what suits the model, or OMP_NUM_THREADS if the user has set it.
        parameters: of the model.
    """
    import torch

    if asked:
        torch.set_num_threads(asked)
    elif "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(choose_threads(parameters, len(os.sched_getaffinity(0))))
