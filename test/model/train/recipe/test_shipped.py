from pathlib import Path

import pytest

from samwise.errors import ConfigurationError
from samwise.train.recipe.read import read_config
from samwise.train.recipe.shipped import names, recipe_file


def test_recipes_that_ship_are_found_by_name_and_plans_of_ablations_are_not_among_them():
    assert names() == ("miniature", "published", "published_mevis")
    assert all(read_config(recipe_file(name)).stages for name in names())


@pytest.mark.parametrize("text", ["own.yaml", "recipes/own", "./miniature", "/there/miniature.yaml"])
def test_anything_else_is_a_path(text):
    assert recipe_file(text) == Path(text)


def test_a_file_without_an_ending_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own").write_text("stages: []")
    assert recipe_file("own") == Path("own")


@pytest.mark.parametrize("text", ["miniatur", "looks"])
def test_an_unknown_name_is_answered_with_those_there_are(text):
    with pytest.raises(ConfigurationError, match=f"{text!r}; choose one of miniature, published, "):
        recipe_file(text)
