from dataclasses import replace

import numpy as np
import pytest

from samwise.evaluate.packed import PackedMasks
from samwise.evaluate.records import Record
from samwise.evaluate.report import table, to_json
from samwise.evaluate.scores import Scores
from samwise.evaluate.sheets import CAPTION, COLUMNS, example_sheet, examples
from samwise.evaluate.summary import bootstrap, summarise
from samwise.evaluate.switches import SwitchCounts
from samwise.world import generate

NOTHING = PackedMasks.of(np.zeros((4, 48, 64), dtype=bool))


def record(seed, j, f, visible_j=None, absent=0, left_empty=0, switches=SwitchCounts()):  # noqa: B008
    scores = Scores(j, f, visible_j, absent, left_empty, switches)
    return Record("absent", str(seed), 0, "the dog", "kind", scores, NOTHING)


def test_means_are_over_sentences_and_absent_accuracy_over_frames():
    summary = summarise(
        [
            record(0, 0.9, 0.7, visible_j=0.9, switches=SwitchCounts(2, 1, 1, (3,))),
            record(0, 0.5, 0.3, visible_j=0.4, absent=1, left_empty=1),
            record(1, 0.1, 0.5, absent=9, left_empty=4, switches=SwitchCounts(2, 2, 3, (5, 1))),
        ]
    )
    assert (summary.videos, summary.sentences) == (2, 3)
    assert (summary.j, summary.f, summary.j_and_f) == pytest.approx((50, 50, 50))
    assert summary.visible_j == pytest.approx(65) and summary.absent_frames == 10
    assert summary.absent_accuracy == pytest.approx(50)
    assert summary.switches == SwitchCounts(4, 3, 4, (3, 5, 1))
    values = to_json(summary)
    assert (
        values["switch_precision"] == 0.75 and values["switch_recall"] == 0.75 and values["switch_delay"] == 3
    )
    assert values["j_and_f"] == 50 and values["answered_moments"] == 3


def test_what_is_not_defined_is_none_and_a_dash():
    summary = summarise([record(0, 1.0, 1.0)])
    values = to_json(summary)
    names = ("absent_accuracy", "switch_precision", "switch_recall", "switch_delay", "visible_j")
    assert [values[name] for name in names] == [None] * 5
    lines = table("split", {"late": summary}).splitlines()
    assert len(lines) == 3 and len({len(line) for line in lines}) == 1 and lines[2].count(" - ") == 5


def test_examples_are_sentences_that_have_scores():
    left = replace(record(0, 0.0, 0.0), expression="")
    unknown = replace(record(1, 0.0, 0.0), scores=None)
    shown = record(2, 0.5, 0.5)
    assert set(map(id, examples([left, unknown, shown]).values())) == {id(shown)}


def test_the_bootstrap_draws_videos():
    random = np.random.default_rng(0)
    values = random.normal(50, 10, 200)
    low, high = bootstrap(values.tolist(), range(200))
    # The normal approximation, 1.96 standard errors either way.
    reach = 1.96 * values.std() / np.sqrt(200)
    assert low == pytest.approx(values.mean() - reach, abs=0.3)
    assert high == pytest.approx(values.mean() + reach, abs=0.3)
    # Each value four times about one video says nothing new.
    again = bootstrap(np.repeat(values, 4).tolist(), np.repeat(np.arange(200), 4).tolist())
    assert again == pytest.approx((low, high))


def test_packed_masks_come_back():
    masks = np.random.default_rng(0).random((3, 5, 7)) < 0.5
    assert np.array_equal(PackedMasks.of(masks).unpack(), masks)


def test_best_median_and_worst():
    records = [record(seed, j, j) for seed, j in enumerate((0.3, 0.9, 0.5, 0.1, 0.7))]
    chosen = examples(records)
    assert {name: r.video for name, r in chosen.items()} == {"best": "1", "median": "2", "worst": "3"}


@pytest.mark.parametrize(("size", "shown"), [((48, 64), (48, 64)), ((384, 512), (192, 256))])
def test_the_sheet_shows_answer_and_truth(size, shown):
    video = generate(0, "absent", 4, size)
    masks = np.array(video.referrals[0].masks)
    rows, columns = (slice(side // 5, 3 * side // 5) for side in size)
    masks[:, rows, columns] = True
    scores = Scores(1, 1, 1, 0, 0, SwitchCounts())
    own = Record("absent", video.name, 0, "x", "kind", scores, PackedMasks.of(masks))
    sheet = example_sheet([own], lambda record: video if record is own else None)
    height, width = shown
    assert sheet.shape == (3 * (CAPTION + 2 * height), COLUMNS * width, 3)
    found, truth = sheet[CAPTION : CAPTION + height], sheet[CAPTION + height : CAPTION + 2 * height]
    changed = (found != truth).any(axis=2)[:, :width]
    assert changed[height // 4 : height // 2, width // 4 : width // 2].mean() > 0.9
    assert not changed[4 * height // 5 :].any()
