import pytest

from samwise.world.words.query import FAMILIES, Landmark, Query


@pytest.mark.parametrize(
    ("query", "family"),
    [
        (Query("dog"), "kind"),
        (Query(None, "red"), "colour"),
        (Query("dog", "red"), "colour + kind"),
        (Query("dog", "red", rank="big"), "size"),
        (Query("dog", rank="leftmost"), "place"),
        (Query("dog", "red", place="top"), "place"),
        (Query("dog", claim="circling"), "motion"),
        (Query("dog", claim="entering"), "order"),
        (Query("dog", relation="left", landmark=Landmark("cup", None)), "relation"),
    ],
)
def test_families(query, family):
    assert query.family == family and family in FAMILIES
