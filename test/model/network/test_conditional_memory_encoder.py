import pytest
import torch

from samwise.errors import ConfigurationError
from samwise.network.conditional_memory_encoder import rewrite
from samwise.state.decisions import DecisionPolicy, DecisionSchedule


def due_frames(switch_at: set[int], frames: int = 16, policy: str = "learned") -> list[int]:
    schedule, due = DecisionSchedule(DecisionPolicy.parse(policy)), []
    for t in range(frames):
        if schedule.due(t):
            due.append(t)
            if t in switch_at:
                schedule.last_switch = t
    return due


def test_first_due_at_five_then_every_frame_until_a_switch():
    assert due_frames(set(), 9) == [5, 6, 7, 8]


def test_rests_two_frames_after_a_switch():
    assert due_frames({6}, 12) == [5, 6, 9, 10, 11]


@pytest.mark.parametrize(
    ("policy", "expected"), [("never", []), ("always", [1, 2, 3, 4, 5, 6, 7, 8]), ("every:4", [4, 8])]
)
def test_fixed_policies(policy, expected):
    assert due_frames(set(), 9, policy) == expected


@pytest.mark.parametrize("policy", ["sometimes", "every", "every:0", "every:-1", ""])
def test_unknown_policy_is_named(policy):
    with pytest.raises(ConfigurationError, match=repr(policy)):
        DecisionPolicy.parse(policy)


def test_rewrite_takes_the_candidate_where_it_is_positive():
    tracked = torch.tensor([3.0, -2.0, 5.0])
    candidate = torch.tensor([1.0, -7.0, 0.0])
    assert torch.equal(rewrite(tracked, candidate), torch.tensor([10.0, -2.0, 5.0]))


def test_an_absent_candidate_changes_nothing():
    tracked = torch.randn(1, 1, 4, 4)
    assert torch.equal(rewrite(tracked, torch.full_like(tracked, -1024.0)), tracked)
