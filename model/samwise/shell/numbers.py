"""Numbers on a command line, each within a range: types for `argparse`."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

#: More frames, steps or anything else than a command ever gets through.
MANY = 10**9
#: Seeds go into numpy's generators and torch's, which take this much.
MAX_SEED = 2**63 - 1
#: What a JPEG encoder accepts.
JPEG_QUALITIES = (1, 100)
#: Frames per second that cameras deliver and a container can express.
RATES = (0.01, 1000.0)
#: Images per second up to which a stream can be thinned out.
HIGHEST_RATE = 240.0
#: No machine runs more threads or processes than this for one command.
MAX_PARALLEL = 1024
#: Height and width of a frame, pixels: from what the coarsest stage of a network still sees to twice 8K.
SIDES = (16, 16384)


def whole(low: int, high: int = MANY) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`, both included.

    The reader raises `argparse.ArgumentTypeError`, which names the value and the range.
    """

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{_shown(text)} is not a whole number from {low} to {high}")
        return value

    return read


def real(low: float, high: float | None = None, *, above: bool = False) -> Callable[[str], float]:
    """Return a reader of finite numbers from `low` to `high`, both included; None: no upper end.

    The reader raises `argparse.ArgumentTypeError`, which names the value and the range.

    Args:
        low: lower end.
        high: upper end.
        above: `low` itself is not in the range.
    """
    start = f"above {low:g}" if above else f"from {low:g}"
    if high is None:
        span = start if above else f"{start} on"
    else:
        span = f"{start} to {high:g}" if not above else f"{start} and up to {high:g}"

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        inside = math.isfinite(value) and value >= low and not (above and value == low)
        if not inside or (high is not None and value > high):
            raise argparse.ArgumentTypeError(f"{_shown(text)} is not a number {span}")
        return value

    return read


seed = whole(0, MAX_SEED)
probability = real(0.0, 1.0)
jpeg_quality = whole(*JPEG_QUALITIES)
frame_rate = real(*RATES)
side = whole(*SIDES)
threads = whole(1, MAX_PARALLEL)
threads_or_fitting = whole(0, MAX_PARALLEL)
workers = whole(0, MAX_PARALLEL)


def _shown(text: str, limit: int = 40) -> str:
    return repr(text if len(text) <= limit else f"{text[:limit]}...")
