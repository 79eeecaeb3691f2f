"""How far another mode or precision moves the masks of a golden case.

    python test/parity/deviation.py test/parity/case_a_short.npz --mode causal
    python test/parity/deviation.py test/parity/case_a_short.npz --precision bfloat16
    python test/parity/deviation.py test/parity/case_a_short.npz --precision bfloat16 --like cuda

Runs the case and compares every frame with the golden values of the official code, which are clip mode in
float32: the IoU of the masks and the relative L2 of the low-resolution logits. For `--mode clip` in float32,
where there should be no deviation, `run_case.py` compares every intermediate.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))

from case import Case
from compare import iou, masks

from samwise import Session, StepResult
from samwise.model import PRECISIONS, reduce_for


@dataclass(frozen=True)
class FrameDeviation:
    """One frame against the golden one.

    Attributes:
        iou: of the masks; 1 where both are empty.
        relative: L2 of the difference of the low-resolution logits over that of the golden ones.
        area: share of the frame that the golden mask covers.
        flags: what was decided differently: `presence`, `switch`.
    """

    iou: float
    relative: float
    area: float
    flags: tuple[str, ...]


def deviations(
    path: str | Path, mode: str = "clip", precision: str = "float32", like: str = "cpu"
) -> list[FrameDeviation]:
    """Run a case and compare frame by frame.

    Args:
        path: of the case.
        mode: `clip` or `causal`.
        precision: a key of `PRECISIONS`.
        like: device whose way of reducing the precision to take; the case runs on the CPU in any case.
    """
    case = Case(path)
    segmenter, reduced = case.segmenter(), PRECISIONS[precision]
    if reduced is not None:
        segmenter = replace(segmenter, autocast=reduce_for(segmenter.network, reduced, like))
    low_res: list[np.ndarray] = []
    segment = segmenter.network.segment

    def listening(frame, bank):
        prediction = segment(frame, bank)
        low_res.append(prediction.low_res[0, 0].float().numpy())
        return prediction

    segmenter.network.segment = listening
    session = Session(segmenter, cme="learned" if case.cme else "never", official=True)
    session.start("the sentence is given as token ids")
    results: list[StepResult] = []
    if mode == "causal":
        results = [session.step(frame) for frame in case.frames]
    else:
        for start in range(0, len(case.frames), case.window):
            results += session.step_clip(case.frames[start : start + case.window])
    return [compare_frame(case, t, low_res[t], result) for t, result in enumerate(results)]


def compare_frame(case: Case, t: int, low_res: np.ndarray, result: StepResult) -> FrameDeviation:
    """Frame t of a case, with its logits `[S/4, S/4]` and its result, against the golden one."""
    expected, target = case.gold[f"f{t:03d}.mem.low_res"], result.targets[0]
    switched = target.decision is not None and target.decision.switched
    truth, flags = masks(case.gold)[t], []
    if (target.score > 0.5) != bool(case.gold[f"f{t:03d}.mem.object_score"] > 0):
        flags.append("presence")
    if case.cme and switched != bool(case.gold[f"f{t:03d}.cme_switch"]):
        flags.append("switch")
    relative = float(np.linalg.norm(low_res - expected) / np.linalg.norm(expected))
    return FrameDeviation(iou(target.mask, truth), relative, float(truth.mean()), tuple(flags))


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", nargs="+", help="case_*.npz files")
    parser.add_argument("--mode", default="clip", choices=("clip", "causal"))
    parser.add_argument("--precision", default="float32", choices=PRECISIONS)
    parser.add_argument("--like", default="cpu", choices=("cpu", "cuda"), help="what is reduced: as there")
    parser.add_argument("--threads", type=int, help="of torch")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    for path in args.case:
        print(f"{Path(path).stem}, {args.mode}, {args.precision}, {args.like}", flush=True)
        frames = deviations(path, args.mode, args.precision, args.like)
        for t, frame in enumerate(frames):
            numbers = f"IoU {frame.iou:.5f}  rel L2 {frame.relative:.1e}  area {frame.area:.2f}"
            other = f"  other {', '.join(frame.flags)}" if frame.flags else ""
            print(f"  frame {t:2d}  {numbers}{other}")
        ious = [frame.iou for frame in frames]
        print(f"  least IoU {min(ious):.5f}, mean {np.mean(ious):.5f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
