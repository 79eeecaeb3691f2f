"""The comparison of `deviation.py`, without running the model."""

import numpy as np
import pytest
from case import FOLDER, Case
from compare import masks
from deviation import compare_frame

from samwise.results import Decision, StepResult, Target


@pytest.fixture(scope="module")
def case() -> Case:
    return Case(FOLDER / "case_b_cme.npz")


def golden_result(case: Case, t: int) -> StepResult:
    mask = masks(case.gold)[t]
    decision = Decision(0.5, 0.5, bool(case.gold[f"f{t:03d}.cme_switch"]), mask, mask)
    score = 1.0 if case.gold[f"f{t:03d}.mem.object_score"] > 0 else 0.0
    return StepResult(t, (Target(0, "", mask, mask.astype(np.float32), True, score, decision),), {})


def test_the_golden_values_do_not_deviate(case):
    for t in (0, 5, 11):
        frame = compare_frame(case, t, case.gold[f"f{t:03d}.mem.low_res"], golden_result(case, t))
        assert (frame.iou, frame.relative, frame.flags) == (1.0, 0.0, ())


def test_another_frame_deviates_in_mask_and_logits(case):
    frame = compare_frame(case, 5, case.gold["f006.mem.low_res"], golden_result(case, 6))
    assert frame.iou < 0.99 and frame.relative > 1e-2


def test_other_decisions_are_named(case):
    switches = {t for t in range(12) if case.gold[f"f{t:03d}.cme_switch"]}
    assert 0 < len(switches) < 12
    (switched, *_), stayed = switches, 0
    frame = compare_frame(case, stayed, case.gold["f000.mem.low_res"], golden_result(case, switched))
    assert "switch" in frame.flags
