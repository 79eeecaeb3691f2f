import json

import pytest

from samwise.shell.placing import OutputError
from samwise.train.run_log import RunLog


def test_lines_are_appended_over_resumed_runs(tmp_path):
    for step in (1, 2):
        with RunLog(tmp_path) as log:
            log.report("train", step, {"stage": "images", "dice": 0.5})
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines == [{"kind": "train", "total_step": s, "stage": "images", "dice": 0.5} for s in (1, 2)]


def test_a_line_that_was_cut_off_goes(tmp_path):
    with RunLog(tmp_path) as log:
        log.report("train", 1, {"dice": 0.5})
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"kind": "tr')
    with RunLog(tmp_path) as log:
        log.report("train", 2, {"dice": 0.4})
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["total_step"] for line in lines] == [1, 2]


def test_a_log_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "log.jsonl").mkdir()
    with pytest.raises(OutputError, match="log.jsonl"):
        RunLog(tmp_path)
