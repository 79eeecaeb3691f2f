"""All that an evaluation has found, as text and as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samwise.evaluate.pool import Failure
from samwise.evaluate.protocols import published_numbers
from samwise.evaluate.records import Record
from samwise.evaluate.report import by_sentence, by_video, numbers_line, table, to_json
from samwise.evaluate.summary import summarise


@dataclass(frozen=True)
class Results:
    """Records by split and by family, each group with at least one that has scores.

    Attributes:
        splits: by name.
        families: by what a sentence asks for, which the world alone knows.
        failures: videos that could not be judged.
        layout: of the data set; None for the world.
    """

    splits: Mapping[str, Sequence[Record]]
    families: Mapping[str, Sequence[Record]]
    failures: Sequence[Failure]
    layout: str | None = None

    @staticmethod
    def of(
        records: Sequence[Record],
        splits: Sequence[str],
        families: Sequence[str],
        failures: Sequence[Failure],
        layout: str | None = None,
    ) -> Results:
        """Group records, splits and families in the given order."""
        scored = [record for record in records if record.scores is not None]
        return Results(
            _by(scored, [record.split for record in scored], splits),
            _by(scored, [record.family for record in scored], families),
            failures,
            layout,
        )

    def text(self) -> str:
        """Tables, and below them what the published script of a data set prints."""
        parts = [
            table(title, {name: summarise(own) for name, own in groups.items()})
            for title, groups in (("split", self.splits), ("family", self.families))
            if groups
        ]
        parts += [
            numbers_line(f"{split}, as its benchmark averages", numbers)
            for split, numbers in self._published().items()
            if numbers
        ]
        return "\n\n".join(parts)

    def values(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """One entry per split; beside them `families`, `settings`, and `not_judged` if anything was not.

        Of a data set also `published`, by split what its benchmark averages, `per_video` and `sentences`.
        """
        content: dict[str, Any] = {
            **{name: to_json(summarise(own)) for name, own in self.splits.items()},
            "families": {name: to_json(summarise(own)) for name, own in self.families.items()},
            "settings": settings,
        }
        if self.layout is not None:
            content["published"] = self._published()
            content["per_video"] = {name: by_video(own) for name, own in self.splits.items()}
            content["sentences"] = [line for own in self.splits.values() for line in by_sentence(own)]
        if self.failures:
            content["not_judged"] = [
                {"split": f.job.split, "video": f.job.name, "reason": f.reason} for f in self.failures
            ]
        return content

    def _published(self) -> dict[str, dict[str, float]]:
        layout = self.layout
        return {} if layout is None else {s: published_numbers(layout, own) for s, own in self.splits.items()}


def _by(records: Iterable[Record], keys: Iterable[str], order: Sequence[str]) -> dict[str, list[Record]]:
    """Records by key, keys in that order, without those that have none."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for key, record in zip(keys, records, strict=True):
        groups[key].append(record)
    return {name: groups[name] for name in order if name in groups}
