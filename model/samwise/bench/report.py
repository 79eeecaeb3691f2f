"""What was measured, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from samwise.bench.measure import Round
from samwise.bench.parts import SENTENCE
from samwise.bench.spread import Spread

REST, WHOLE = "everything else", "whole step"


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        name: of the part.
        ms: milliseconds per frame, or per sentence.
        gflop: its arithmetic; element-wise work does not count.
    """

    name: str
    ms: Spread
    gflop: float


@dataclass(frozen=True)
class Versus:
    """Another implementation compared with ours, the two timed alternately.

    Attributes:
        name: of the other.
        ms: milliseconds per frame of the other.
        ratio: its time over ours, turn by turn; above 1 ours is faster.
        ratio_of_medians: its median over ours.
    """

    name: str
    ms: Spread
    ratio: Spread
    ratio_of_medians: float


@dataclass(frozen=True)
class Report:
    """All that was measured.

    Attributes:
        rows: of a frame: the parts, the rest, the whole.
        sentence: what is done once per sentence.
        peak_mib: the most memory that ours needed, MiB.
        recording: seconds per frame of a recording, the next one encoded meanwhile; None in clip mode.
        against: the comparison, if there was one.
    """

    rows: tuple[Row, ...]
    sentence: Row
    peak_mib: float
    recording: float | None
    against: Versus | None


def frame_table(
    names: Sequence[str], rounds: Sequence[Round], gflop: Mapping[str, float], whole: float
) -> tuple[Row, ...]:
    """Rows of a frame: the parts in the order of `names`, the rest, the whole.

    Args:
        names: of the parts.
        rounds: at least one.
        gflop: by part.
        whole: GFLOP of the whole frame.
    """
    parts = [
        Row(name, Spread.of([r.parts.get(name, 0.0) for r in rounds], 1e3), gflop.get(name, 0.0))
        for name in names
    ]
    return (
        *parts,
        Row(REST, Spread.of([r.rest for r in rounds], 1e3), whole - sum(row.gflop for row in parts)),
        Row(WHOLE, Spread.of([r.whole for r in rounds], 1e3), whole),
    )


def sentence_row(times: Sequence[float], gflop: float) -> Row:
    """The row of what is done once per sentence."""
    return Row(SENTENCE, Spread.of(times, 1e3), gflop)


def versus(name: str, rounds: Sequence[Round]) -> Versus | None:
    """The comparison; None if no other was timed."""
    pairs = [(r.whole, r.other) for r in rounds if r.other is not None]
    if not pairs:
        return None
    ours, theirs = zip(*pairs, strict=True)
    return Versus(
        name,
        Spread.of(theirs, 1e3),
        Spread.of([b / a for a, b in pairs]),
        median(theirs) / median(ours),
    )


def table(rows: Sequence[Row]) -> str:
    """A Markdown table that can be read as it is."""
    lines: list[tuple[str, ...]] = [("part", "ms", "quartiles", "GFLOP", "GFLOP/s")]
    for row in rows:
        rate = f"{row.gflop / row.ms.median * 1e3:.0f}" if row.gflop and row.ms.median else ""
        lines.append(
            (
                row.name,
                f"{row.ms.median:.2f}",
                f"{row.ms.low:.2f} to {row.ms.high:.2f}",
                f"{row.gflop:.2f}" if row.gflop else "",
                rate,
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * (w - 1) + ":" if i else "-" * w for i, w in enumerate(widths)))
    return "\n".join(f"| {' | '.join(_aligned(line, widths))} |" for line in lines)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]


def comparison(result: Versus) -> str:
    """One line about the other implementation."""
    return (
        f"{result.name}: {result.ms.median:.2f} ms ({result.ms.low:.2f} to {result.ms.high:.2f}), "
        f"{result.ratio_of_medians:.2f} times ours (turn by turn {result.ratio.low:.2f} to "
        f"{result.ratio.high:.2f})"
    )


def throughput(seconds: float) -> str:
    """One line about a recording."""
    rate = f"{seconds * 1e3:.1f} ms per frame, {1 / seconds:.1f} frames per second"
    return f"a recording, the next frame encoded meanwhile: {rate}"
