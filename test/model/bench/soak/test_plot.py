import sys

import cv2
import pytest

from samwise.bench.soak.plot import plot
from samwise.bench.soak.run import Sample
from samwise.bench.soak.trend import Trend
from samwise.errors import SamwiseError
from samwise.plots import figures


def test_a_picture_is_written(tmp_path):
    pytest.importorskip("matplotlib")
    samples = [Sample(100 * (i + 1), 500.0 + i % 2, 60.0) for i in range(10)]
    plot(tmp_path / "soak.png", samples, Trend(0.01, 500.0, 0.2), warm_up=300)
    picture = cv2.imread(str(tmp_path / "soak.png"))
    assert picture.shape[0] > 400 and picture.std() > 5


def test_without_matplotlib_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(SamwiseError, match="pip install matplotlib"):
        figures()
