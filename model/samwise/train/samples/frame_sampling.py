"""Which frames of a recorded video make a clip (official recipe, SPEC section 12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

NEIGHBOUR = 3
"""Largest distance, in frames, of the two neighbours that `spread` takes."""

FrameSampler = Callable[[int, int, int, np.random.Generator], list[int]]
"""From anchor, length of the video, number of frames and a random generator to frames, sorted."""


def near(anchor: int, length: int, count: int, random: np.random.Generator) -> list[int]:
    """Frames around the anchor, as the official loader of Ref-YouTube-VOS draws them ("local").

    Half of the clip comes from the T frames before the anchor, half from it and the T - 1 after it. What is
    missing near the ends of the video is taken from up to twice as far, and what is still missing from
    anywhere, frames being repeated if need be.

    Args:
        anchor: number of a frame.
        length: of the video, in frames.
        count: frames wanted, T.
        random: generator.

    Returns:
        `count` numbers of frames, sorted.
    """
    chosen = _draw(range(max(anchor - count, 0), anchor), count // 2, random)
    chosen += _draw(range(anchor, min(anchor + count, length)), min(length - anchor - 1, count // 2), random)
    if len(chosen) < count and anchor not in chosen:
        chosen.append(anchor)
    wider = range(max(anchor - 2 * count, 0), min(anchor + 2 * count, length))
    chosen += _draw([t for t in wider if t not in chosen], count - len(chosen), random)
    return _filled(chosen, length, count, random)


def spread(anchor: int, length: int, count: int, random: np.random.Generator) -> list[int]:
    """The anchor, a neighbour on either side, and frames from all over the rest of the video.

    As the official loader of MeViS draws them ("global"): motion takes time. Args and returns as `near`.
    """
    before, after = random.integers(1, NEIGHBOUR + 1, 2)
    chosen = [anchor, max(anchor - int(before), 0), min(anchor + int(after), length - 1)][:count]
    rest = [t for t in range(length) if not min(chosen) <= t <= max(chosen)]
    missing = count - len(chosen)
    # The video is too short for that: frames between the neighbours will do.
    chosen += _draw(rest if len(rest) >= missing else range(length), missing, random)
    return _filled(chosen, length, count, random)


SAMPLERS: Mapping[str, FrameSampler] = {"near": near, "spread": spread}

SAMPLER_OF: Mapping[str, str] = {"mevis": "spread"}
"""Layouts that the official recipe does not sample with `near`."""


def _draw(pool: Sequence[int], count: int, random: np.random.Generator) -> list[int]:
    """At most `count` of the pool, none of them twice."""
    return [int(t) for t in random.permutation(np.asarray(pool, np.int64))[: max(count, 0)]]


def _filled(chosen: list[int], length: int, count: int, random: np.random.Generator) -> list[int]:
    return sorted(chosen + [int(t) for t in random.integers(length, size=count - len(chosen))])
