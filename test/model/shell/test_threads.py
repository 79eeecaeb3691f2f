import os

import pytest
import torch

from samwise import SamwiseError, load
from samwise.shell.threads import SMALL_MODEL, choose_threads, use_threads, wait_passively


@pytest.fixture(autouse=True)
def _keep_threads(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_a_small_model_gets_one_thread_and_a_large_one_all_cores():
    assert choose_threads(SMALL_MODEL - 1, cores=8) == 1
    assert choose_threads(SMALL_MODEL, cores=8) == 8
    assert choose_threads(SMALL_MODEL, cores=0) == 1


def test_what_is_asked_for_is_set():
    use_threads(3, parameters=1)
    assert torch.get_num_threads() == 3


def test_the_choice_of_the_environment_stays(monkeypatch):
    torch.set_num_threads(2)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    use_threads(0, parameters=1)
    assert torch.get_num_threads() == 2


def test_the_miniature_is_loaded_for_one_thread():
    torch.set_num_threads(2)
    load()
    assert torch.get_num_threads() == 1
    load(threads=2)
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize("threads", [-1, 5000])
def test_a_number_of_threads_that_no_machine_has_is_refused(threads):
    with pytest.raises(SamwiseError, match=f"threads is {threads}"):
        load(threads=threads)


def test_waiting_is_passive_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    wait_passively()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    wait_passively()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
