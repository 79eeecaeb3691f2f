"""What is judged already, kept while a long evaluation runs, so that the next one goes on from there."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from samwise.errors import ConfigurationError
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.records import Record
from samwise.evaluate.scores import Scores
from samwise.evaluate.switches import SwitchCounts
from samwise.shell.placing import OutputError


class Journal:
    """A file of JSON lines: the settings, and then one line for each video that is judged.

    A last line that was cut off, because the process was killed while it wrote, is written again.

    Args:
        file: to go on with, or to begin.
        settings: that decide about the results; plain values.

    Attributes:
        known: records by split and video.

    Raises:
        ConfigurationError: if the file was begun with other settings, or is something else.
        OutputError: if it cannot be read or written.
    """

    def __init__(self, file: Path, settings: Mapping[str, Any]) -> None:
        self._file = file
        self.known: dict[tuple[str, str], tuple[Record, ...]] = {}
        lines = self._read()
        plain = json.loads(json.dumps(settings))
        if lines and lines[0].get("settings") != plain:
            raise ConfigurationError(
                f"{file} was begun with other settings ({_difference(lines[0].get('settings'), plain)}); "
                "give those, or another file"
            )
        for line in lines[1:]:
            records = tuple(_record(values) for values in line["records"])
            self.known[line["split"], line["video"]] = records
        # Whole again, if its end was cut off.
        self._write("w", "".join(json.dumps(line) + "\n" for line in [{"settings": plain}, *lines[1:]]))

    def add(self, split: str, video: str, records: Sequence[Record]) -> None:
        """Keep what became of a video.

        Raises:
            OutputError: if it cannot be written.
        """
        values = [_values(record) for record in records]
        self._write("a", json.dumps({"split": split, "video": video, "records": values}) + "\n")

    def _read(self) -> list[dict[str, Any]]:
        try:
            text = self._file.read_text(encoding="utf-8") if self._file.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise OutputError(f"cannot read {self._file} ({error}); give another file") from error
        found: list[dict[str, Any]] = []
        for line in text.splitlines(keepends=True):
            try:
                values = json.loads(line) if line.endswith("\n") else None
            except ValueError:
                values = None
            if not isinstance(values, dict) or ("records" if found else "settings") not in values:
                if not found:
                    raise ConfigurationError(
                        f"{self._file} is no journal of `samwise evaluate`; give another file"
                    )
                break
            found.append(values)
        return found

    def _write(self, mode: str, text: str) -> None:
        try:
            with self._file.open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise OutputError(
                f"cannot write {self._file}: {error.strerror}; make room, or give another"
            ) from error


def _values(record: Record) -> dict[str, Any]:
    masks = record.masks
    packed = {"shape": masks.shape, "content": base64.b64encode(masks.content).decode()}
    scores = None if record.scores is None else asdict(record.scores)
    return {**vars(replace(record, scores=None)), "scores": scores, "masks": packed}


def _record(values: dict[str, Any]) -> Record:
    masks, scores = values["masks"], values["scores"]
    if scores is not None:
        counts = scores["switches"]
        switches = SwitchCounts(**{**counts, "delays": tuple(counts["delays"])})
        scores = Scores(**{**scores, "switches": switches})
    packed = PackedMasks(tuple(masks["shape"]), base64.b64decode(masks["content"]))
    overlap = None if values["overlap"] is None else tuple(values["overlap"])
    return Record(**{**values, "masks": packed, "scores": scores, "overlap": overlap})


def _difference(before: Any, now: Mapping[str, Any]) -> str:
    if not isinstance(before, dict):
        return "none that are known"
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return ", ".join(f"{name}: {before.get(name)!r} instead of {now.get(name)!r}" for name in names)
