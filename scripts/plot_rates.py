"""Draws docs/images/rate.png: J&F over the frame rate, out of reports of `samwise evaluate --fps`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from samwise.plots import figures


def main(out: Path, reports: list[Path]) -> None:
    found = [json.loads(report.read_text()) for report in reports]
    found.sort(key=lambda report: report["settings"]["fps"])
    rates = [report["settings"]["fps"] for report in found]
    scores = [report["motion"]["j_and_f"] for report in found]
    intervals = [report["motion"]["j_and_f_interval"] for report in found]
    figure = figures()(figsize=(5, 3), dpi=120, layout="constrained")
    axes = figure.subplots()
    below = [s - low for s, (low, _) in zip(scores, intervals, strict=True)]
    above = [high - s for s, (_, high) in zip(scores, intervals, strict=True)]
    axes.errorbar(rates, scores, yerr=[below, above], fmt="o-", capsize=4)
    axes.axvspan(5, 12, color="tab:green", alpha=0.12)
    axes.annotate("rates of the training", (5.3, 42.5), color="tab:green")
    axes.set_xlabel("frames per second")
    axes.set_ylabel("J&F on motion, percent")
    axes.set_ylim(40, 75)
    axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
    axes.grid(alpha=0.3)
    figure.savefig(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
