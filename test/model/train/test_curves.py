import json

import pytest

from samwise.errors import SamwiseError
from samwise.train.curves import plot, read_log


def write(path, *reports):
    path.write_text("".join(json.dumps(r) + "\n" for r in reports))
    return path


def test_only_training_is_read(tmp_path):
    train = {"kind": "train", "total_step": 25, "stage": "images", "dice": 0.5}
    log = write(tmp_path / "log.jsonl", train, {"kind": "validation", "total_step": 25, "mean_iou": 0.1})
    assert read_log(log) == [train]


def test_a_line_that_is_being_written_is_left_out(tmp_path):
    train = {"kind": "train", "total_step": 25, "stage": "images", "dice": 0.5}
    log = write(tmp_path / "log.jsonl", train)
    log.write_text(log.read_text() + '{"kind": "tra')
    assert read_log(log) == [train]


@pytest.mark.parametrize("text", ['{"kind": "train"}\n', '{"kind": "train", "stage": "a", "dice": "x"}\n'])
def test_a_report_without_numbers_is_no_log(tmp_path, text):
    (tmp_path / "other.txt").write_text(text)
    with pytest.raises(SamwiseError, match=r"other\.txt"):
        read_log(tmp_path / "other.txt")


@pytest.mark.parametrize("text", ["not json", "[1]", '{"no": "kind"}', ""])
def test_what_is_no_log_is_named(tmp_path, text):
    (tmp_path / "other.txt").write_text(text)
    with pytest.raises(SamwiseError, match=r"other\.txt"):
        read_log(tmp_path / "other.txt")


def test_a_missing_log_is_named(tmp_path):
    with pytest.raises(SamwiseError, match="nowhere"):
        read_log(tmp_path / "nowhere")


def test_every_loss_and_stage_has_its_place(tmp_path, monkeypatch):
    figure = pytest.importorskip("matplotlib.figure").Figure
    drawn, save = [], figure.savefig
    monkeypatch.setattr(figure, "savefig", lambda self, *a, **k: (drawn.append(self), save(self, *a, **k)))
    plot(
        tmp_path / "curves.png",
        [
            {"kind": "train", "total_step": 25, "stage": "images", "dice": 0.5, "frames_per_second": 9.0},
            {"kind": "train", "total_step": 50, "stage": "clips", "dice": 0.4, "motion": 1.1},
        ],
    )
    titles = [axes.get_title() for axes in drawn[0].axes if axes.get_title()]
    assert titles == ["dice", "motion"] and (tmp_path / "curves.png").stat().st_size > 1000
    lines = {line.get_label(): list(line.get_ydata()) for line in drawn[0].axes[0].get_lines()}
    assert lines == {"images": [0.5], "clips": [0.4]}
