"""Streams a video with known truth through a session and keeps what will be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samwise.errors import ConfigurationError
from samwise.results import Target
from samwise.session import Session
from samwise.video.labelled import Frames

MODES = ("causal", "clip")


@dataclass(frozen=True)
class Trail:
    """What a model answered to one sentence.

    Attributes:
        masks: bool `[T, H, W]`; also what the memory follows, before a switch rewrites it.
        candidates: for each frame with a switch the mask it went to, bool `[H, W]`.
    """

    masks: NDArray[np.bool_]
    candidates: Mapping[int, NDArray[np.bool_]]


Watch = Callable[[int, tuple[Target, ...]], None]
"""Called with the number of a frame and what was found in it."""


def follow(
    session: Session,
    frames: Frames,
    expressions: Sequence[str],
    clip_length: int | None = None,
    watch: Watch | None = None,
) -> tuple[Trail, ...]:
    """Follow sentences through a video, all in one batch: each answer is that of the sentence alone.

    Args:
        session: is restarted.
        frames: uint8 `[T, H, W, 3]` RGB.
        expressions: one or more.
        clip_length: frames of a clip, for clip mode; None: causal mode, frame by frame.
        watch: is called for every frame on the way.

    Returns:
        One trail per sentence, in the same order.
    """
    session.start(expressions)
    found = []
    for t, targets in enumerate(steps(session, frames, clip_length)):
        if watch is not None:
            watch(t, targets)
        found.append(targets)
    return tuple(_trail([targets[i] for targets in found]) for i in range(len(expressions)))


def clip_length_of(mode: str, model_clip_length: int) -> int | None:
    """The argument for `follow` that a mode of `MODES` stands for.

    Raises:
        ConfigurationError: for another mode.
    """
    if mode not in MODES:
        raise ConfigurationError(f"mode is {mode!r}; choose one of {', '.join(MODES)}")
    return model_clip_length if mode == "clip" else None


def steps(session: Session, frames: Frames, clip_length: int | None) -> Iterator[tuple[Target, ...]]:
    """What is found in each frame, by a session that has been started; arguments as for `follow`."""
    total = len(frames)
    if clip_length is None:
        for t in range(total):
            yield session.step(frames[t]).targets
        return
    for start in range(0, total, clip_length):
        clip = [frames[t] for t in range(start, min(start + clip_length, total))]
        for result in session.step_clip(clip):
            yield result.targets


def _trail(targets: Sequence[Target]) -> Trail:
    candidates = {
        t: target.decision.candidate_mask
        for t, target in enumerate(targets)
        if target.decision is not None and target.decision.switched
    }
    return Trail(np.stack([target.mask for target in targets]), candidates)
