"""The golden cases of the official code, intermediates included; and a check that the check can fail."""

import numpy as np
import pytest
from case import FOLDER, Case
from compare import compare
from run_case import run_case


@pytest.mark.parametrize("name", ["case_a_short", "case_b_cme", "case_c_motion"])
def test_equals_the_official_code(name, capsys):
    bad = run_case(FOLDER / f"{name}.npz")
    assert not bad, capsys.readouterr().out


def test_a_small_error_is_noticed():
    path = FOLDER / "case_a_short.npz"
    key = "f001.mem.low_res"
    gold = np.load(path)[key]
    assert compare(path, {key: gold}, verbose=False) == []
    assert compare(path, {key: gold * 1.001}, verbose=False) == [key]


def test_every_key_of_a_case_is_asked_for():
    case = Case(FOLDER / "case_b_cme.npz")
    assert "masks" in case.keys and "f005.nomem.low_res" in case.keys and "clip1.fpn0.stat" in case.keys
