import json

from samwise.train.run_log import RunLog


def test_lines_are_appended_over_resumed_runs(tmp_path):
    for step in (1, 2):
        with RunLog(tmp_path) as log:
            log.report("train", step, {"stage": "images", "dice": 0.5})
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines == [{"kind": "train", "total_step": s, "stage": "images", "dice": 0.5} for s in (1, 2)]
