import pytest

from samwise_ros.target_status import Change, Hysteresis, Status, TargetStatus

TENTH = 100_000_000
SEARCHING, TRACKING, LOST = Status.SEARCHING, Status.TRACKING, Status.LOST


def follow(seen: str, rule: Hysteresis, score: float = 0.9) -> tuple[list[Status], list[Change]]:
    """Statuses and changes, ten frames a second, which show the target ("#") or do not (".")."""
    status, statuses, changes = TargetStatus(), [], []
    for number, mark in enumerate(seen):
        change = status.see(mark == "#", score, number * TENTH, rule)
        statuses.append(status.now)
        if change is not None:
            changes.append(change)
    return statuses, changes


def test_what_was_never_seen_is_not_lost() -> None:
    assert follow(".....", Hysteresis()) == ([SEARCHING] * 5, [])


def test_found_lost_and_found_again_with_the_time_each_lasted() -> None:
    statuses, changes = follow("..##....#", Hysteresis(found_frames=1, lost_frames=2))
    assert statuses == [SEARCHING] * 2 + [TRACKING] * 3 + [LOST] * 3 + [TRACKING]
    assert changes == [
        Change(SEARCHING, TRACKING, 2 * TENTH),
        Change(TRACKING, LOST, 3 * TENTH),
        Change(LOST, TRACKING, 3 * TENTH),
    ]


@pytest.mark.parametrize(
    ("found", "lost", "changes"),
    [(1, 1, 7), (2, 1, 4), (1, 2, 3), (3, 1, 2), (2, 2, 3), (3, 3, 1), (4, 1, 0)],
)
def test_only_frames_in_a_row_count(found, lost, changes) -> None:
    seen = ".#.##..###.#"
    assert len(follow(seen, Hysteresis(found, lost))[1]) == changes


def test_scores_are_asked_for_by_the_status() -> None:
    rule, status = Hysteresis(1, 1, found_score=0.8, lost_score=0.6), TargetStatus()
    scores = [0.7, 0.8, 0.7, 0.6, 0.5, 0.7, 0.9]
    statuses = []
    for number, score in enumerate(scores):
        status.see(True, score, number, rule)
        statuses.append(status.now)
    assert statuses == [SEARCHING, TRACKING, TRACKING, TRACKING, LOST, LOST, TRACKING]


def test_another_rule_counts_from_the_next_frame_on() -> None:
    status = TargetStatus()
    for number in range(3):
        assert status.see(True, 0.9, number, Hysteresis(found_frames=10)) is None
    assert status.see(True, 0.9, 3, Hysteresis(found_frames=4)) == Change(SEARCHING, TRACKING, 3)


def test_forgetting_is_a_change_only_if_there_is_something_to_forget() -> None:
    status = TargetStatus()
    assert status.forget(5) is None
    status.see(True, 0.9, 7, Hysteresis())
    assert status.forget(9) == Change(TRACKING, SEARCHING, 2)
    assert status.now is SEARCHING


def test_a_recording_that_begins_again_lasts_no_negative_time() -> None:
    status = TargetStatus()
    status.see(True, 0.9, 100, Hysteresis())
    assert status.forget(50) == Change(TRACKING, SEARCHING, 0)
