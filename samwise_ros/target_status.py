"""Whether a target is in view, from what the model says frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from samwise_msgs.msg import TargetState


class Status(Enum):
    """What is known of a target; the value is the message's constant."""

    SEARCHING = TargetState.SEARCHING
    TRACKING = TargetState.TRACKING
    LOST = TargetState.LOST


@dataclass(frozen=True)
class Hysteresis:
    """What it takes for a target to be found, and to be lost. Models flicker.

    Attributes:
        found_frames: frames in a row that show it, from 1.
        lost_frames: frames in a row that do not, from 1.
        found_score: a frame shows a target that is not tracked if its score is at least this, 0 to 1.
        lost_score: a frame shows a target that is tracked if its score is at least this, 0 to 1.
    """

    found_frames: int = 1
    lost_frames: int = 3
    found_score: float = 0.5
    lost_score: float = 0.5


@dataclass(frozen=True)
class Change:
    """From one status to another.

    Attributes:
        before: the status until then.
        after: the status from then on.
        lasted_ns: how long the one before had lasted, by the stamps.
    """

    before: Status
    after: Status
    lasted_ns: int


class TargetStatus:
    """The status of one target.

    Attributes:
        now: after the last frame.
    """

    def __init__(self) -> None:
        self.now = Status.SEARCHING
        self._since_ns: int | None = None
        self._against = 0

    def see(self, present: bool, score: float, stamp_ns: int, rule: Hysteresis) -> Change | None:
        """Take the next frame's word.

        Args:
            present: whether the model sees the target.
            score: how sure it is, 0 to 1.
            stamp_ns: of the frame.
            rule: by which to judge.
        """
        tracking = self.now is Status.TRACKING
        if self._since_ns is None:
            self._since_ns = stamp_ns
        shown = present and score >= (rule.lost_score if tracking else rule.found_score)
        if shown == tracking:
            self._against = 0
            return None
        self._against += 1
        if self._against < (rule.lost_frames if tracking else rule.found_frames):
            return None
        return self._become(Status.LOST if tracking else Status.TRACKING, stamp_ns)

    def forget(self, stamp_ns: int) -> Change | None:
        """Search from this frame on. Returns None where nothing else was done before."""
        if self.now is not Status.SEARCHING:
            return self._become(Status.SEARCHING, stamp_ns)
        self._since_ns, self._against = stamp_ns, 0
        return None

    def _become(self, after: Status, stamp_ns: int) -> Change:
        # Pictures may overtake each other, and a recording may begin again.
        lasted = 0 if self._since_ns is None else max(0, stamp_ns - self._since_ns)
        change = Change(self.now, after, lasted)
        self.now, self._since_ns, self._against = after, stamp_ns, 0
        return change
