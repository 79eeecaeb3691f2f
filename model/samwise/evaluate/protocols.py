"""The benchmarks of the published data sets: how a video is judged, and what is averaged over what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from samwise.evaluate.annotators import WRITERS, judge_annotators
from samwise.evaluate.pictures import judge_pictures
from samwise.evaluate.records import Job, Record, judge
from samwise.model import Model

JUDGES: Mapping[str, Callable[[Model, Job], tuple[Record, ...]]] = {
    "sentences": judge,
    "annotators": judge_annotators,
    "pictures": judge_pictures,
}
"""By protocol: how the sentences of one video are judged."""

PRECISIONS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""IoU above which a picture counts, for the precision at that value."""
EPSILON = 1e-6
"""Pixels added to both, so that nothing over nothing is 1."""


def protocol_of(layout: str) -> str:
    """The protocol of a layout's benchmark."""
    if layout == "ref-davis17":
        return "annotators"
    return "pictures" if layout.startswith("refcoco") else "sentences"


def published_numbers(layout: str, records: Sequence[Record]) -> dict[str, float]:
    """What the published script of a data set prints, by name, in percent.

    Args:
        layout: of the data set.
        records: of the sentences, in order; those without scores do not count.
    """
    scored = [record for record in records if record.scores is not None]
    if not scored:
        return {}
    if layout == "ref-davis17":
        return _by_writer(scored)
    if layout.startswith("refcoco"):
        return _of_pictures(scored)
    if layout == "mevis":
        # The script keys its results by the text: of equal ones the last counts, whatever its video.
        return _means("by text ", list({record.expression: record for record in scored}.values()))
    return {}


def _by_writer(records: Sequence[Record]) -> dict[str, float]:
    """J, F and J&F of each writer, and the mean over them."""
    writers: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        writers[int(record.key) % WRITERS].append(record)
    found: dict[str, float] = {}
    for writer in sorted(writers):
        found |= _means(f"writer {writer} ", writers[writer])
    for name in ("J&F", "J", "F"):
        found[name] = float(np.mean([found[f"writer {writer} {name}"] for writer in writers]))
    return found


def _means(prefix: str, records: Sequence[Record]) -> dict[str, float]:
    scores = [record.scores for record in records if record.scores is not None]
    j, f = (100 * float(np.mean(values)) for values in ([s.j for s in scores], [s.f for s in scores]))
    return {f"{prefix}J&F": (j + f) / 2, f"{prefix}J": j, f"{prefix}F": f}


def _of_pictures(records: Sequence[Record]) -> dict[str, float]:
    pairs = np.array([record.overlap for record in records if record.overlap is not None], dtype=float)
    ious = (pairs[:, 0] + EPSILON) / (pairs[:, 1] + EPSILON)
    found = {
        "overall IoU": 100 * float(pairs[:, 0].sum() / max(pairs[:, 1].sum(), 1.0)),
        "mean IoU": 100 * float(ious.mean()),
    }
    return found | {f"P@{limit}": 100 * float((ious > limit).mean()) for limit in PRECISIONS}
