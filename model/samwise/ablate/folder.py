"""The folder of an ablation, which is gone back to until all of it is done."""

from __future__ import annotations

import json
from pathlib import Path

from samwise.ablate.plot import MADE_BY
from samwise.ablate.results import ResultFile
from samwise.shell.placing import MANIFEST, SHOWN, OutputError, output_file
from samwise.shell.reports import check_picture

RESULTS, TABLE, PLOT = "results.jsonl", "table.md", "plot.png"


class AblationFolder:
    """Opened only if it is empty, or an ablation's already.

    Args:
        path: of the folder; made if it is not there.

    Attributes:
        path: the same.
        results: what is done.

    Raises:
        SamwiseError: if the folder holds something else, or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            names = sorted(entry.name for entry in path.iterdir())
        except OSError as error:
            raise OutputError(
                f"cannot use the folder {path} ({error.strerror}); give another --out"
            ) from error
        if names and RESULTS not in names and not _ours(path):
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            raise OutputError(
                f"{path} is no folder of an ablation, it holds {', '.join(names[:SHOWN])}{more}; give an "
                "empty one or a new name: --out"
            )
        self.results = ResultFile(path / RESULTS)
        check_picture(path / PLOT, MADE_BY)
        # The trainings are under way long before there is a result to know the folder by.
        with output_file(path / MANIFEST, lambda _: (), overwrite=True) as made:
            made.write_text(json.dumps({"made_by": MADE_BY}) + "\n", encoding="utf-8")

    def write_table(self, text: str) -> None:
        """Write the table. Raises OutputError if it cannot be written."""
        with output_file(self.path / TABLE, lambda _: (), overwrite=True) as made:
            made.write_text(text, encoding="utf-8")


def _ours(folder: Path) -> bool:
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("made_by") == MADE_BY
