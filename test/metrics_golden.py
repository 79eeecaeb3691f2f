"""Masks for which J and F were computed by others, and how that was done.

`model/video/metrics_golden.json` holds what vos-benchmark and TrackEval say about them. Both bring their own
OpenCV along, so they have to be kept out of the project's environment:

    python3 -m venv /tmp/judges && /tmp/judges/bin/pip install vos-benchmark==0.1.0 trackeval==1.3.0
    /tmp/judges/bin/python test/metrics_golden.py test/model/video/metrics_golden.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

SIZES = ((192, 256), (48, 64), (101, 75), (480, 640), (17, 9), (256, 256), (144, 256), (60, 200))
FRAMES = 4


def blob(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Some ellipses with a ragged edge; they may reach over the border or be in several pieces."""
    y, x = np.mgrid[:height, :width]
    mask = np.zeros((height, width), dtype=bool)
    for _ in range(int(random.integers(1, 4))):
        centre = random.uniform(-0.1, 1.1, 2) * (height, width)
        radii = random.uniform(0.05, 0.4, 2) * (height, width)
        mask |= ((y - centre[0]) / radii[0]) ** 2 + ((x - centre[1]) / radii[1]) ** 2 < 1
    return mask ^ (random.random(mask.shape) < random.choice((0.0, 0.002, 0.05)))


def video(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Predicted and true masks of a video, bool `[4, H, W]` each.

    Frame 0: the truth moved by a few pixels; 1: another mask; 2: one of the two is empty; 3: both are.
    """
    random = np.random.default_rng(seed)
    height, width = SIZES[seed % len(SIZES)]
    truth = np.stack([blob(random, height, width) for _ in range(FRAMES)])
    predicted = np.stack([blob(random, height, width) for _ in range(FRAMES)])
    predicted[0] = np.roll(truth[0], random.integers(-3, 4, 2), axis=(0, 1))
    (predicted if seed % 2 else truth)[2] = False
    predicted[3] = truth[3] = False
    # Both references only know objects that show in the first frame.
    predicted[0, 0, 0] = truth[0, 0, 0] = True
    return predicted, truth


def vos_benchmark(predicted: np.ndarray, truth: np.ndarray) -> tuple[list[float], list[float]]:
    """J and F of every frame."""
    from vos_benchmark.evaluator import Evaluator

    evaluator = Evaluator()
    for ours, theirs in zip(predicted, truth, strict=True):
        evaluator.feed_frame(ours.astype(np.uint8), theirs.astype(np.uint8))
    return [float(x) for x in evaluator.object_iou[1]], [float(x) for x in evaluator.boundary_f[1]]


def trackeval(predicted: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Mean J and F of a video."""
    from pycocotools import mask
    from trackeval.metrics import JAndF

    def tracks(masks: np.ndarray) -> list[list[dict]]:
        return [[mask.encode(np.asfortranarray(m.astype(np.uint8)))] for m in masks]

    found = JAndF().eval_sequence(
        {
            "num_timesteps": len(truth),
            "num_tracker_ids": 1,
            "num_gt_ids": 1,
            "gt_dets": tracks(truth),
            "tracker_dets": tracks(predicted),
            "gt_ids": [[0]] * len(truth),
            "tracker_ids": [[0]] * len(truth),
        }
    )
    return float(found["J-Mean"]), float(found["F-Mean"])


def main() -> None:
    """Write the references' values to the file named on the command line."""
    lines = []
    for seed in range(24):
        predicted, truth = video(seed)
        j, f = vos_benchmark(predicted, truth)
        values = {"seed": seed, "pixels": [int(predicted.sum()), int(truth.sum())], "j": j, "f": f}
        lines.append(json.dumps(values | {"trackeval": trackeval(predicted, truth)}))
    Path(sys.argv[1]).write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
