import pytest

from samwise.data.layouts import DataSet
from samwise.errors import ConfigurationError, SamwiseError


def test_an_unknown_layout_is_named():
    with pytest.raises(ConfigurationError, match="'youtube'; choose one of ref-youtube-vos, mevis, "):
        DataSet("youtube", "data")


def test_a_root_that_is_not_there_is_named(tmp_path):
    for layout in ("ref-youtube-vos", "mevis", "ref-davis17", "refcoco"):
        with pytest.raises(SamwiseError, match="nowhere"):
            DataSet(layout, str(tmp_path / "nowhere")).read()
