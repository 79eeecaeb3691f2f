"""Summaries as JSON and as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from samwise.evaluate.records import Record
from samwise.evaluate.summary import Summary

COLUMNS = (
    "videos", "sentences", "J&F", "95 %", "J", "F", "J seen", "absent",
    "switches", "precision", "recall", "delay",
)  # fmt: skip


def to_json(summary: Summary) -> dict[str, Any]:
    """Plain values by name.

    Scores are in percent, switch precision and recall in [0, 1], the delay in frames; None: not defined.
    """
    switches = summary.switches
    return {
        "j_and_f": _round(summary.j_and_f),
        "j_and_f_interval": [_round(x) for x in summary.interval],
        "j": _round(summary.j),
        "f": _round(summary.f),
        "visible_j": _round(summary.visible_j),
        "absent_accuracy": _round(summary.absent_accuracy),
        "switch_precision": _round(switches.precision),
        "switch_recall": _round(switches.recall),
        "switch_delay": _round(switches.delay),
        "videos": summary.videos,
        "sentences": summary.sentences,
        "absent_frames": summary.absent_frames,
        "switches": switches.switches,
        "right_switches": switches.right,
        "moments": switches.moments,
        "answered_moments": len(switches.delays),
    }


def by_sentence(records: Sequence[Record]) -> list[dict[str, Any]]:
    """J and F of every sentence that has scores, in [0, 1], as they are."""
    return [
        {
            "split": record.split,
            "video": record.video,
            "sentence": record.key or str(record.number),
            "expression": record.expression,
            "j": record.scores.j,
            "f": record.scores.f,
            **({} if record.overlap is None else {"overlap": list(record.overlap)}),
        }
        for record in records
        if record.scores is not None
    ]


def by_video(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Means over the sentences of each video, in percent."""
    videos: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        videos[record.video].append(record)
    found = {}
    for name, own in videos.items():
        scores = [record.scores for record in own if record.scores is not None]
        if scores:
            j, f = (100 * float(np.mean(values)) for values in ([s.j for s in scores], [s.f for s in scores]))
            found[name] = {"j_and_f": round((j + f) / 2, 4), "j": round(j, 4), "f": round(f, 4)}
    return found


def numbers_line(title: str, numbers: Mapping[str, float]) -> str:
    """Numbers with names in one line."""
    return f"{title}: " + ", ".join(f"{name} {value:.2f}" for name, value in numbers.items())


def table(title: str, rows: Mapping[str, Summary]) -> str:
    """A Markdown table, aligned so that it also reads well as text."""
    lines = [[title, *COLUMNS], *([name, *_cells(summary)] for name, summary in rows.items())]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ["-" * (widths[0])] + ["-" * (width - 1) + ":" for width in widths[1:]])
    return "\n".join(_row(line, widths) for line in lines)


def _cells(summary: Summary) -> list[str]:
    switches = summary.switches
    return [
        str(summary.videos),
        str(summary.sentences),
        f"{summary.j_and_f:.1f}",
        "{:.1f} to {:.1f}".format(*summary.interval),
        f"{summary.j:.1f}",
        f"{summary.f:.1f}",
        _text(summary.visible_j, ".1f"),
        _text(summary.absent_accuracy, ".1f"),
        str(switches.switches),
        _text(switches.precision, ".2f"),
        _text(switches.recall, ".2f"),
        _text(switches.delay, ".1f"),
    ]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))]
    return f"| {' | '.join(padded)} |"


def _text(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
