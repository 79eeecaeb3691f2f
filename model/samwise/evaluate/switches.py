"""How well the Conditional Memory Encoder's switches fit the moments when the memory is wrong.

The paper judges the CME by J&F alone (section 4, table on the CME). Here its decisions themselves are judged:

* At a frame the memory is *wrong* if the target is visible (it covers at least `VISIBLE_SHARE` of the frame)
  and the mask that the memory follows overlaps it with an IoU below `WRONG_BELOW`: it lies on something else,
  or it is empty.
* A *moment* is the first frame of a run of consecutive wrong frames. A run shorter than `SHORTEST_RUN` frames
  without a right switch is not a moment: the memory recovered by itself before anybody had to decide.
* A switch is *right* if the memory is wrong at its frame and the candidate has an IoU of at least
  `RIGHT_FROM` with the target. Any other switch is false: away from the right object, from one wrong object
  to another, or while there is no target to switch to.
* A moment is *answered* if there is a right switch in its run. Its delay is the number of frames from the
  moment to the first of them.

Precision = right switches / switches; recall = answered moments / moments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samwise.video.metrics import BoolArray, region_similarity

VISIBLE_SHARE = 0.001
"""Share of the frame's pixels at and above which a target counts as visible."""
WRONG_BELOW = 0.1
"""IoU with the target below which the memory follows something else; the CME's own labels use this number."""
RIGHT_FROM = 0.5
"""IoU with the target at and above which a candidate is the right object."""
SHORTEST_RUN = 3
"""Frames; the learned CME rests for the same time after each switch."""


@dataclass(frozen=True)
class SwitchCounts:
    """What happened in one or more videos; counts add up.

    Attributes:
        switches: memories rewritten.
        right: those of them that were right.
        moments: at which the memory went wrong.
        delays: of the moments that were answered, frames, 0 or more each.
    """

    switches: int = 0
    right: int = 0
    moments: int = 0
    delays: tuple[int, ...] = ()

    @property
    def precision(self) -> float | None:
        """Right switches / switches, in [0, 1]; None if there were none."""
        return self.right / self.switches if self.switches else None

    @property
    def recall(self) -> float | None:
        """Answered moments / moments, in [0, 1]; None if there were none."""
        return len(self.delays) / self.moments if self.moments else None

    @property
    def delay(self) -> float | None:
        """Mean over the answered moments, frames; None if there were none."""
        return float(np.mean(self.delays)) if self.delays else None


def total(counts: Iterable[SwitchCounts]) -> SwitchCounts:
    """The sum of several counts."""
    listed = list(counts)
    return SwitchCounts(
        sum(c.switches for c in listed),
        sum(c.right for c in listed),
        sum(c.moments for c in listed),
        tuple(delay for c in listed for delay in c.delays),
    )


def wrong_frames(truth: BoolArray, tracked: BoolArray) -> NDArray[np.bool_]:
    """Where the target is visible and the memory follows something else, bool `[T]`.

    Args:
        truth: the target, bool `[T, H, W]`.
        tracked: what the memory follows, same shape.
    """
    visible = truth.mean(axis=(1, 2)) >= VISIBLE_SHARE
    wrong: NDArray[np.bool_] = visible & (region_similarity(tracked, truth) < WRONG_BELOW)
    return wrong


def count_switches(truth: BoolArray, tracked: BoolArray, candidates: Mapping[int, BoolArray]) -> SwitchCounts:
    """Judge the switches of one sentence in one video.

    Args:
        truth: the target, bool `[T, H, W]`.
        tracked: what the memory follows at each frame, before it is rewritten, same shape.
        candidates: for each frame with a switch the mask it went to, bool `[H, W]`.
    """
    wrong = wrong_frames(truth, tracked)
    right = [
        frame
        for frame, candidate in sorted(candidates.items())
        if wrong[frame] and region_similarity(candidate, truth[frame]) >= RIGHT_FROM
    ]
    moments, delays = 0, []
    for start, end in _runs(wrong):
        answers = [frame for frame in right if start <= frame < end]
        if answers:
            delays.append(answers[0] - start)
        if answers or end - start >= SHORTEST_RUN:
            moments += 1
    return SwitchCounts(len(candidates), len(right), moments, tuple(delays))


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First frame and first frame after of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
