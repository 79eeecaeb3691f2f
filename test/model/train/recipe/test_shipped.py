from pathlib import Path

import pytest

from samwise.ablate.plan import read_plan
from samwise.errors import ConfigurationError
from samwise.train.recipe.read import read_config
from samwise.train.recipe.shipped import Kind, names, shipped_file


def test_recipes_and_plans_that_ship_are_found_by_name():
    assert names(Kind.RECIPE) == ("miniature", "published", "published_mevis")
    assert all(read_config(shipped_file(Kind.RECIPE, name)).stages for name in names(Kind.RECIPE))
    assert names(Kind.PLAN) == ("ablation", "ablation_motion", "looks")
    assert all(read_plan(shipped_file(Kind.PLAN, name)) for name in names(Kind.PLAN))


@pytest.mark.parametrize("text", ["own.yaml", "recipes/own", "./miniature", "/there/miniature.yaml"])
def test_anything_else_is_a_path(text):
    assert shipped_file(Kind.RECIPE, text) == Path(text)


def test_a_file_without_an_ending_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own").write_text("stages: []")
    assert shipped_file(Kind.RECIPE, "own") == Path("own")


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (Kind.RECIPE, "miniatur", "no recipe is called 'miniatur'; choose one of miniature, published, "),
        (Kind.RECIPE, "looks", "no recipe is called 'looks'"),
        (Kind.PLAN, "miniature", "no plan is called 'miniature'; choose one of ablation, "),
    ],
)
def test_an_unknown_name_is_answered_with_those_there_are(kind, text, message):
    with pytest.raises(ConfigurationError, match=message):
        shipped_file(kind, text)
