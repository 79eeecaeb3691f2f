"""The report: as text for people, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from samwise.doctor.advice import Advice
from samwise.doctor.finding import Finding, Level
from samwise.doctor.trial import FRAMES, SIZE, Trial

_MARKS = {Level.WELL: " ", Level.COULD_BE_BETTER: "!", Level.BROKEN: "x"}


def text(sections: Mapping[str, Sequence[Finding]], trial: Trial | None, advice: Advice) -> str:
    """The report for people: a line each, and beneath every one that is not well what to do.

    Args:
        sections: findings by heading.
        trial: None if no frame was timed.
        advice: the settings to paste.
    """
    width = max(len(finding.name) for findings in sections.values() for finding in findings)
    lines: list[str] = []
    for heading, findings in sections.items():
        lines += [heading]
        for finding in findings:
            lines.append(f"{_MARKS[finding.level]} {finding.name.ljust(width)}  {finding.value}")
            if finding.level is not Level.WELL:
                lines.append(f"  {'':{width}}  -> {finding.remedy}")
        lines.append("")
    if trial is not None:
        lines += [f"{FRAMES} frames of {SIZE[1]} x {SIZE[0]}", f"  {_timed(trial)}", ""]
    lines += ["Settings for this machine", *(f"  {line}" for line in advice.lines()), "", _verdict(sections)]
    return "\n".join(lines)


def plain(sections: Mapping[str, Sequence[Finding]], trial: Trial | None, advice: Advice) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "findings": [
            {
                "section": heading,
                "name": finding.name,
                "value": finding.value,
                "level": finding.level.value,
                **({"remedy": finding.remedy} if finding.level is not Level.WELL else {}),
            }
            for heading, findings in sections.items()
            for finding in findings
        ],
        "trial": None if trial is None else asdict(trial),
        "advice": asdict(advice),
    }


def is_broken(sections: Mapping[str, Sequence[Finding]]) -> bool:
    """Whether anything has to be mended before a model can run."""
    return any(f.level is Level.BROKEN for findings in sections.values() for f in findings)


def _timed(trial: Trial) -> str:
    return (
        f"{1000 * trial.frame_s:,.0f} ms per frame ({1 / trial.frame_s:.1f} per second); the first "
        f"{trial.first_s:.1f} s, loading {trial.load_s:.1f} s, {trial.parameters / 1e6:.1f} M parameters"
    )


def _verdict(sections: Mapping[str, Sequence[Finding]]) -> str:
    levels = [f.level for findings in sections.values() for f in findings]
    broken, better = levels.count(Level.BROKEN), levels.count(Level.COULD_BE_BETTER)
    if broken:
        return f"{broken} thing{'' if broken == 1 else 's'} to mend (marked x)"
    if better:
        return f"It works; {better} thing{'' if better == 1 else 's'} could be better (marked !)"
    return "All is well"
