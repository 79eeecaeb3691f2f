"""The numbers of the demo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from samwise.video.pace import Pace
from samwise_ros.report.results import Results, Switch
from samwise_ros.report.scenario import Scenario

#: One frame's IoU with the truth; None where there is no mask or no truth.
Overlaps = dict[int, float | None]


def summarise(
    scenario: Scenario,
    results: Results,
    overlaps: Overlaps,
    frames_in: int,
    *,
    all_played: bool = True,
    max_rate: float = 0.0,
) -> dict[str, object]:
    """Return the content of summary.json.

    Args:
        scenario: what was shown.
        results: what came out.
        overlaps: IoU by stamp.
        frames_in: pictures that the player published.
        all_played: whether the player could play all of the recording.
        max_rate: of the node, in Hz; 0: it was asked for every picture.

    Returns:
        frames_in, masks_out, left_out, dropped: counts; a picture without a mask was left out on purpose, as
            `max_rate` asks for, or dropped.
        all_played: as given.
        latency_ms: p50 and p95 in milliseconds, from the stamp of the image until the result was ready.
        mean_iou: over the masks that came, null without truth. Dropped frames do not count in it.
        events: the switches of target that the model decided on, in seconds since the first picture.
        sentences: the same for each sentence: from when, frames, masks, mean_iou.
    """
    masks = set(results.mask_stamps) & set(scenario.stamps)
    pace = Pace(max_rate)
    left_out = sum(not pace.takes(stamp) and stamp not in masks for stamp in scenario.stamps)
    return {
        "frames_in": frames_in,
        "masks_out": len(masks),
        "left_out": left_out,
        "dropped": max(0, frames_in - len(masks) - left_out),
        "all_played": all_played,
        "latency_ms": _percentiles([state.latency_s * 1e3 for state in results.states.values()]),
        "mean_iou": _mean(list(overlaps.values())),
        "events": [_event(scenario, switch) for switch in results.switches],
        "sentences": _by_sentence(scenario, masks, overlaps),
    }


def _by_sentence(scenario: Scenario, masks: set[int], overlaps: Overlaps) -> list[dict[str, object]]:
    stamps = defaultdict(list)
    starts = [time for time, _ in scenario.sentences]
    for stamp in scenario.stamps:
        stamps[sum(start <= stamp for start in starts)].append(stamp)
    return [
        {
            "expression": sentence,
            "from_s": round(scenario.seconds(start), 3),
            "frames": len(stamps[number]),
            "masks": len(masks.intersection(stamps[number])),
            "mean_iou": _mean([overlaps.get(stamp) for stamp in stamps[number]]),
        }
        for number, (start, sentence) in enumerate(scenario.sentences, start=1)
    ]


def _event(scenario: Scenario, switch: Switch) -> dict[str, object]:
    return {
        "type": "target_switched",
        "time_s": round(scenario.seconds(switch.stamp_ns), 3),
        "expression": switch.expression,
        "probability": round(switch.probability, 4),
        "threshold": round(switch.threshold, 4),
        "overlap": round(switch.overlap, 4),
        "from_box": list(switch.from_box),
        "to_box": list(switch.to_box),
    }


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"p50": None, "p95": None}
    middle, high = np.percentile(values, [50, 95])
    return {"p50": round(float(middle), 1), "p95": round(float(high), 1)}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else None
