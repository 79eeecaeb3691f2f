"""The picture of a soak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samwise.bench.soak.run import Sample
from samwise.bench.soak.trend import Trend
from samwise.plots import figures
from samwise.shell.reports import write_figure

MADE_BY = "samwise soak"


def plot(path: Path, samples: Sequence[Sample], line: Trend, warm_up: int) -> None:
    """Draw memory with its trend, and the step time below it.

    Args:
        path: picture to write, PNG.
        samples: in order.
        line: through the samples after warm-up.
        warm_up: frames that the line leaves out.

    Raises:
        SamwiseError: if matplotlib is not installed, or the picture cannot be written there.
    """
    figure = figures()(figsize=(8, 5), dpi=120, layout="constrained")
    memory, times = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    frames = [s.frame for s in samples]
    memory.plot(frames, [s.resident_mib for s in samples], label="resident memory")
    ends = [warm_up, frames[-1]]
    memory.plot(ends, [line.at(x) for x in ends], "--", label=f"trend: {line.slope:+.3f} MiB per 1000 frames")
    # From 0, so that a flat line looks flat.
    memory.set_ylim(0, 1.25 * max(s.resident_mib for s in samples))
    memory.set_ylabel("MiB")
    memory.legend(loc="lower right")
    times.plot(frames, [s.step_ms for s in samples], color="tab:gray")
    times.set_ylim(bottom=0)
    times.set_ylabel("ms per step (median)")
    times.set_xlabel("frame")
    for axes in (memory, times):
        axes.grid(alpha=0.3)
    write_figure(path, MADE_BY, figure)
