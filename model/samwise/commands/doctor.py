"""`samwise doctor`: what this machine has, what to mend, and which settings suit it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

# Light: where torch is missing or broken, the doctor has to be able to say so.
from samwise.doctor import advice, libraries, machine, models, report, ros, torch_build, versions
from samwise.doctor.finding import Check, Finding, Level, examined
from samwise.shell import values

if TYPE_CHECKING:
    from samwise.doctor.trial import Trial

CHECKS: dict[str, tuple[tuple[str, Check], ...]] = {
    "Machine": (
        ("processor", machine.processor),
        ("memory", machine.memory),
        ("torch's build", torch_build.build),
        ("GPU", torch_build.devices),
        ("torch.compile", torch_build.compiling),
    ),
    "Packages": (
        ("Python", versions.python),
        ("packages", versions.packages),
        ("OpenCV", libraries.opencv),
        ("ffmpeg", libraries.ffmpeg),
        ("spaCy", libraries.verbs),
    ),
    "Models": (("checkpoints", models.checkpoints), ("tokenizers", models.tokenizers)),
    "ROS": (("ROS", ros.ros), ("/dev/shm", machine.shared_memory)),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--checkpoint", type=values.checkpoint, help=values.CHECKPOINT_HELP)
    parser.add_argument("--device", type=values.device, help="to time frames on (default: the best there is)")
    parser.add_argument("--no-frames", action="store_true", help="time no frames, which loads the model")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(args: argparse.Namespace) -> int:
    """Examine and report.

    Returns:
        0; 1 if something is broken.
    """
    sections = {
        heading: [finding for name, check in checks for finding in examined(name, check)]
        for heading, checks in CHECKS.items()
    }
    device, precision = _device_and_precision(args.device)
    trial = None
    if not args.no_frames:
        trial, failed = _trial(args.checkpoint, device, precision)
        sections["Model"] = failed
    settings = advice.Advice(
        checkpoint=str(args.checkpoint or ""),
        device=device,
        precision=precision,
        compiled=_worth_compiling(device, trial),
        threads=0,
        max_rate=None if trial is None else advice.rate(trial.frame_s, trial.trained_rate),
    )
    sections = {heading: findings for heading, findings in sections.items() if findings}
    if args.json:
        print(json.dumps(report.plain(sections, trial, settings), indent=2))
    else:
        print(report.text(sections, trial, settings))
    return 1 if report.is_broken(sections) else 0


def _device_and_precision(asked: str | None) -> tuple[str, str]:
    try:
        gpus = torch_build.gpus()
    except Exception:
        # It is among the findings.
        gpus = ()
    if asked is None:
        return advice.device_and_precision(gpus)
    chosen = [gpu for gpu in gpus if asked in ("cuda", f"cuda:{gpu.index}")]
    return asked, chosen[0].precisions[0] if chosen else "float32"


def _trial(checkpoint: Path | None, device: str, precision: str) -> tuple[Trial | None, list[Finding]]:
    """Time frames; what went wrong if that was not possible."""
    print(
        f"timing frames of {checkpoint or 'the miniature that ships'} on {device} ...",
        file=sys.stderr,
        flush=True,
    )
    try:
        from samwise.doctor.trial import tried

        return tried(checkpoint, device, precision), []
    except Exception as error:
        line = next(iter(str(error).splitlines()), "") or type(error).__name__
        name = str(checkpoint or "the miniature")
        return None, [Finding(name, f"cannot be run: {line}", Level.BROKEN, "mend what the line says")]


def _worth_compiling(device: str, trial: Trial | None) -> bool:
    """Compiling takes minutes: worth it for a large model on a GPU."""
    return device.startswith("cuda") and trial is not None and trial.parameters >= advice.LARGE
