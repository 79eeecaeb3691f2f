"""The picture of a training run: every loss over all stages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samwise.errors import SamwiseError
from samwise.plots import figures
from samwise.shell.reports import write_figure

MADE_BY = "samwise curves"
COLUMNS = 4
LEGEND_COLUMNS = 7
COLOURS = 10
"""Colours that matplotlib cycles through."""
NOT_LOSSES = ("kind", "total_step", "stage", "frames_per_second")


def read_log(path: Path) -> list[dict[str, Any]]:
    """The reports of a run, as `RunLog` writes them.

    Raises:
        SamwiseError: if the file cannot be read, is no such log, or says nothing of training.
    """
    try:
        *lines, last = path.read_text(encoding="utf-8").splitlines(keepends=True) or [""]
        # A run that is under way, or was cut off, may be in the middle of its last line.
        if last.endswith("\n") or (last and not lines):
            lines.append(last)
        reports = [report for line in lines if (report := json.loads(line))["kind"] == "train"]
        for report in reports:
            _check(report)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SamwiseError(
            f"{str(path)!r} is not the log of a training ({error}); give its log.jsonl"
        ) from error
    if not reports:
        raise SamwiseError(f"{str(path)!r} reports no training step yet; wait for some more")
    return reports


def _check(report: dict[str, Any]) -> None:
    if not isinstance(report["stage"], str):
        raise TypeError(f"stage is {report['stage']!r}, no text")
    for name, value in {"total_step": None, **report}.items():
        if name not in ("kind", "stage") and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise TypeError(f"{name} is {value!r}, no number")


def plot(path: Path, reports: Sequence[dict[str, Any]]) -> None:
    """Draw one panel per loss, with a colour for each stage.

    Args:
        path: picture to write, PNG.
        reports: of the training, in order.

    Raises:
        SamwiseError: if matplotlib is not installed, or the picture cannot be written there.
    """
    names = list(dict.fromkeys(n for report in reports for n in report if n not in NOT_LOSSES))
    stages = list(dict.fromkeys(report["stage"] for report in reports))
    rows = -(-len(names) // COLUMNS)
    figure = figures()(figsize=(3 * COLUMNS, 0.7 + 2.2 * rows), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, sharex=True, squeeze=False).flatten()
    for axes, name in zip(panels, names, strict=False):
        for number, stage in enumerate(stages):
            told = [r for r in reports if r["stage"] == stage and name in r]
            steps, values = [r["total_step"] for r in told], [r[name] for r in told]
            axes.plot(steps, values, f"C{number}", label=stage, ls="-" if number < COLOURS else "--")
        axes.set_title(name)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(stages), LEGEND_COLUMNS))
    write_figure(path, MADE_BY, figure)
