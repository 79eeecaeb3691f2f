"""Results of an ablation: kept line by line, and summed up over seeds."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samwise.errors import ConfigurationError, UnfinishedError
from samwise.shell.placing import output_file


class ResultFile:
    """JSON lines, one per finished run.

    Args:
        path: read if it is there. A last line that was cut off is dropped.

    Attributes:
        cut_off: whether there was such a line.

    Raises:
        ConfigurationError: if it holds something else, or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[tuple[str, int | None, str], Mapping[str, Any]] = {}
        self.cut_off = False
        if not path.exists():
            return
        try:
            text = path.read_text(encoding="utf-8")
            whole, _, rest = text.rpartition("\n")
            for line in whole.splitlines():
                self._keep(json.loads(line))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(
                f"{str(path)!r} does not hold results of an ablation ({error}); choose another folder"
            ) from error
        if rest:
            self._mend(rest, f"{whole}\n" if whole else "")

    def _mend(self, rest: str, whole: str) -> None:
        """A process that was killed while writing left a line without its end."""
        try:
            self._keep(json.loads(rest))
            mended = f"{whole}{rest}\n"
        except ValueError:
            self.cut_off, mended = True, whole
        except (KeyError, TypeError) as error:
            raise ConfigurationError(
                f"{str(self._path)!r} does not hold results of an ablation ({error}); choose another folder"
            ) from error
        with output_file(self._path, lambda _: (), overwrite=True) as made:
            made.write_text(mended, encoding="utf-8")

    def find(self, name: str, seed: int | None, key: str) -> Mapping[str, Any] | None:
        """The result of exactly that run, if it is finished."""
        return self._lines.get((name, seed, key))

    def append(self, result: Mapping[str, Any]) -> None:
        """Keep a result, at once.

        Raises:
            UnfinishedError: if it cannot be written.
        """
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
        except OSError as error:
            raise UnfinishedError(
                f"cannot write {str(self._path)!r} ({error.strerror}); make room and run it again: "
                "what is in the file is not done twice"
            ) from error
        self._keep(result)

    def _keep(self, result: Mapping[str, Any]) -> None:
        self._lines[result["name"], result["seed"], result["key"]] = result


@dataclass(frozen=True)
class Spread:
    """One score of a variant over seeds.

    Attributes:
        values: one per seed.
    """

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Their mean."""
        return statistics.fmean(self.values)

    @property
    def deviation(self) -> float | None:
        """Their sample standard deviation; None for a single seed."""
        return statistics.stdev(self.values) if len(self.values) > 1 else None


def spreads(
    results: Sequence[Mapping[str, Any]], splits: Sequence[str], score: str = "j_and_f"
) -> dict[str, dict[str, Spread]]:
    """Scores by name and split, in the order of the results; a score that is not defined is left out."""
    values: dict[str, dict[str, list[float]]] = {}
    for result in results:
        own = values.setdefault(result["name"], {})
        for split in splits:
            value = result["scores"][split][score]
            if value is not None:
                own.setdefault(split, []).append(value)
    return {n: {s: Spread(tuple(v)) for s, v in own.items()} for n, own in values.items()}


def markdown(results: Sequence[Mapping[str, Any]], splits: Sequence[str]) -> str:
    """A table: a row for each variant or look, J&F on each split, mean ± standard deviation over seeds."""
    parameters = {r["name"]: r["trained_parameters"] for r in results if "trained_parameters" in r}
    runs = Counter(r["name"] for r in results)
    lines = [
        f"| variant | trained parameters | runs | {' | '.join(splits)} |",
        f"| :-- | --: | --: | {' | '.join('--:' for _ in splits)} |",
    ]
    for name, own in spreads(results, splits).items():
        count = f"{parameters[name]:,}" if name in parameters else ""
        cells = [_cell(own[split]) if split in own else "" for split in splits]
        lines.append(f"| {name} | {count} | {runs[name]} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(spread: Spread) -> str:
    reach = "" if spread.deviation is None else f" ± {spread.deviation:.1f}"
    return f"{spread.mean:.1f}{reach}"
