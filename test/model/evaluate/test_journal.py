"""What was judged before a kill is not judged again."""

import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.evaluate.journal import Journal
from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.records import Record
from samwise.evaluate.scores import Scores
from samwise.evaluate.switches import SwitchCounts
from samwise.shell.placing import OutputError

SETTINGS = {"mode": "clip", "videos": None, "splits": ["late"]}
MASKS = PackedMasks.of(np.eye(5, dtype=bool)[None])
RECORDS = (
    Record(
        "late",
        "a",
        0,
        "the dög",
        "kind",
        Scores(0.1, 1 / 3, None, 2, 1, SwitchCounts(2, 1, 1, (3, 0))),
        MASKS,
    ),
    Record("late", "a", 1, "x", "", None, MASKS, "7", (3, 4)),
)


def test_records_come_back_as_they_were(tmp_path):
    file = tmp_path / "journal.jsonl"
    Journal(file, SETTINGS).add("late", "a", RECORDS)
    assert Journal(file, SETTINGS).known == {("late", "a"): RECORDS}


def test_a_line_that_was_cut_off_is_written_again(tmp_path):
    file = tmp_path / "journal.jsonl"
    journal = Journal(file, SETTINGS)
    journal.add("late", "a", RECORDS)
    journal.add("late", "b", RECORDS)
    file.write_bytes(file.read_bytes()[:-40])
    again = Journal(file, SETTINGS)
    assert list(again.known) == [("late", "a")]
    again.add("late", "b", RECORDS)
    assert list(Journal(file, SETTINGS).known) == [("late", "a"), ("late", "b")]


def test_other_settings_are_another_evaluation(tmp_path):
    file = tmp_path / "journal.jsonl"
    Journal(file, SETTINGS)
    with pytest.raises(ConfigurationError, match="mode: 'clip' instead of 'causal'"):
        Journal(file, {**SETTINGS, "mode": "causal"})


def test_something_else_stays_as_it_is(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("my notes\n")
    with pytest.raises(ConfigurationError, match=r"notes\.txt is no journal"):
        Journal(file, SETTINGS)
    assert file.read_text() == "my notes\n"
    with pytest.raises(OutputError, match="nowhere"):
        Journal(tmp_path / "nowhere" / "journal.jsonl", SETTINGS)
