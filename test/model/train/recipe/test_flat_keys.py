from dataclasses import asdict

import pytest
import yaml

from samwise.errors import ConfigurationError
from samwise.train.recipe.flat_keys import PLACES, grouped
from samwise.train.recipe.read import config_from_dict

MEVIS = {"layout": "mevis", "root": "data"}
FLAT = {
    "name": "clips",
    "steps": 3,
    "data": [MEVIS],
    "clip_length": 6,
    "optimizer": "muon",
    "learning_rate": 1e-3,
    "memory": False,
    "losses": {"dice": 2.0},
}
GROUPED = {
    "name": "clips",
    "steps": 3,
    "losses": {"dice": 2.0},
    "data": {"sets": [MEVIS], "clip_length": 6},
    "optimiser": {"method": "muon", "learning_rate": 1e-3},
    "mode": {"memory": False},
}


def test_keys_move_into_their_groups():
    assert grouped(FLAT) == GROUPED
    assert grouped(GROUPED) == GROUPED
    assert grouped({"videos": 2, "data": {"uses": 3}}) == {"data": {"uses": 3, "videos": 2}}


def test_a_flat_stage_is_answered_with_what_to_write():
    with pytest.raises(ConfigurationError) as refusal:
        config_from_dict({"stages": [FLAT]})
    said = str(refusal.value)
    assert said.startswith("stage 'clips': data is now data.sets, ")
    assert "optimizer is now optimiser.method" in said
    advice = yaml.safe_load("{" + said.partition("; write ")[2] + "}")
    kept = {name: value for name, value in FLAT.items() if name not in PLACES}
    (followed,) = config_from_dict({"stages": [kept | advice]}).stages
    assert followed == config_from_dict({"stages": [GROUPED]}).stages[0]


@pytest.mark.parametrize("name", [name for name in PLACES if name != "sets" and name != "method"])
def test_no_flat_key_is_passed_over(name):
    value = MEVIS if name == "data" else "anything"
    with pytest.raises(ConfigurationError, match=f"{name} is now {'.'.join(PLACES[name])}"):
        config_from_dict({"stages": [{"name": "a", "steps": 1, name: value}]})


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ({"data": 5}, "data is 5; give a mapping"),
        ({"optimizer": {"method": "muon"}}, "Stage has no optimizer, perhaps optimiser is meant"),
        ({"mode": {"learning_rate": 1e-3}}, "Mode has no learning_rate"),
    ],
)
def test_groups_that_are_wrong_are_not_taken_for_flat_keys(stage, message):
    with pytest.raises(ConfigurationError, match=message):
        config_from_dict({"stages": [{"name": "a", "steps": 1} | stage]})


def test_every_place_is_one_that_a_stage_has():
    (stage,) = config_from_dict({"stages": [{"name": "a", "steps": 1}]}).stages
    plain = asdict(stage)
    assert all(key in plain[group] for group, key in PLACES.values())
