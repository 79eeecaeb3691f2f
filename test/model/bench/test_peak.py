import numpy as np
import torch

from samwise.bench.peak import forget_peak, peak_mib
from samwise.bench.process_memory import peak_resident_mib, resident_mib

CPU = torch.device("cpu")


def test_resident_memory_follows_what_is_held():
    before = resident_mib()
    held = np.ones(64 * 2**20, np.uint8)
    assert 50 < resident_mib() - before < 80
    del held


def test_the_peak_remembers_what_was_let_go_until_it_is_forgotten():
    forget_peak(CPU)
    before = resident_mib()
    np.ones(96 * 2**20, np.uint8)
    assert peak_mib(CPU) > before + 80
    forget_peak(CPU)
    assert peak_resident_mib() < before + 40
