import pytest

from samwise.bench.soak.run import Sample
from samwise.bench.soak.trend import trend
from samwise.errors import SamwiseError


def samples(memory):
    return [Sample(100 * (i + 1), float(mib), 10.0) for i, mib in enumerate(memory)]


def test_a_steady_leak_is_found_with_its_size():
    line = trend(samples(500 + 0.1 * i for i in range(20)), warm_up=500, limit=0.2)
    assert line.slope == pytest.approx(1.0) and line.at(2000) == pytest.approx(501.9) and not line.flat


def test_growth_during_warm_up_does_not_count():
    line = trend(samples([100, 300, 480, 500, 500, 500, 500]), warm_up=300, limit=0.2)
    assert line.slope == pytest.approx(0.0, abs=1e-9) and line.flat


def test_shrinking_is_flat():
    assert trend(samples([500, 499, 498, 497]), warm_up=0, limit=0.2).flat


def test_too_few_samples_are_an_error():
    with pytest.raises(SamwiseError, match="2 samples after 200 frames"):
        trend(samples([500, 500, 500, 500]), warm_up=200, limit=0.2)
