import numpy as np
import pytest

from samwise.errors import ConfigurationError
from samwise.world import generate
from samwise.world.sheet import CAPTION, sheet, tint


def test_a_sheet_has_a_row_for_every_sentence():
    videos = [generate(seed, "motion", 6, (64, 80)) for seed in range(2)]
    rows = sum(min(2, len(video.referrals)) for video in videos)
    picture = sheet(videos, sentences=2, columns=3)
    assert picture.shape == (rows * (64 + CAPTION), 3 * 80, 3)


def test_the_target_keeps_its_colours():
    frame = np.full((60, 60, 3), 100, np.uint8)
    mask = np.zeros((60, 60), bool)
    mask[20:40, 20:40] = True
    tinted = tint(frame, mask)
    assert (tinted[25:35, 25:35] == 100).all()
    assert (tinted[:15] < 100).all()


def test_an_empty_sheet_is_refused():
    with pytest.raises(ConfigurationError, match="at least one video"):
        sheet([])
