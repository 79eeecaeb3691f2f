"""The picture of an ablation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from samwise.ablate.results import Spread
from samwise.plots import figures
from samwise.shell.reports import write_figure

MADE_BY = "samwise ablate"


def plot(path: Path, scores: Mapping[str, Mapping[str, Spread]], splits: Sequence[str]) -> None:
    """Draw J&F by split: a dot for every seed, a bar at the mean, a line of one standard deviation each way.

    Args:
        path: picture to write, PNG.
        scores: by name and split.
        splits: one panel each.

    Raises:
        SamwiseError: if matplotlib is not installed, or the picture cannot be written there.
    """
    names = list(scores)
    size = (2 + 2.2 * len(splits), 1.2 + 0.32 * len(names))
    figure = figures()(figsize=size, dpi=120, layout="constrained")
    panels = figure.subplots(1, len(splits), sharey=True, squeeze=False)[0]
    for axes, split in zip(panels, splits, strict=True):
        for row, name in enumerate(names):
            if split not in scores[name]:
                continue
            spread = scores[name][split]
            rows = [row] * len(spread.values)
            axes.plot(spread.values, rows, "o", color="tab:blue", alpha=0.5, markersize=4)
            axes.errorbar(
                spread.mean, row, xerr=spread.deviation, fmt="|", color="black", markersize=12, capsize=3
            )
        axes.set_title(split)
        axes.set_xlabel("J&F")
        axes.grid(alpha=0.3)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].invert_yaxis()
    write_figure(path, MADE_BY, figure)
