"""Stages whose keys are not in groups, as they were written before there were groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import yaml

from samwise.data.layouts import DataSet
from samwise.errors import ConfigurationError
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.stage_data import StageData

GROUPS = {"data": StageData, "optimiser": Optimiser, "mode": Mode}
#: Keys that have another name in their group.
RENAMED = {"data": ("data", "sets"), "optimizer": ("optimiser", "method")}
PLACES = {f.name: (group, f.name) for group, kind in GROUPS.items() for f in fields(kind)} | RENAMED
_OF_A_SET = {f.name for f in fields(DataSet)}


def flat_keys(stage: Mapping[str, Any]) -> list[str]:
    """The keys of a stage that belong in a group."""
    return [name for name, value in stage.items() if name in PLACES and not _is_group(name, value)]


def grouped(stage: Mapping[str, Any]) -> dict[str, Any]:
    """The same stage with its keys in groups; groups that are there already stay."""
    flat = flat_keys(stage)
    result = {name: value for name, value in stage.items() if name not in flat}
    for name in flat:
        group, key = PLACES[name]
        held = result.get(group, {})
        result[group] = {**(held if isinstance(held, Mapping) else {}), key: stage[name]}
    return result


def check_grouped(stage: Mapping[str, Any], where: str) -> None:
    """Refuse keys that are outside their group.

    Raises:
        ConfigurationError: with the groups to write in their place, as YAML.
    """
    flat = flat_keys(stage)
    if not flat:
        return
    whole = grouped(stage)
    places = ", ".join(f"{name} is now {'.'.join(PLACES[name])}" for name in flat)
    moved = {group: whole[group] for group in dict.fromkeys(PLACES[name][0] for name in flat)}
    try:
        lines = yaml.safe_dump(moved, default_flow_style=True, sort_keys=False, width=10**6).strip()
    except yaml.YAMLError:
        raise ConfigurationError(f"{where}: {places}; write them there") from None
    raise ConfigurationError(f"{where}: {places}; write {lines[1:-1]}")


def _is_group(name: str, value: object) -> bool:
    """Whether it is a group, if perhaps a wrong one: `data` used to be a data set, or a list of them."""
    if name == "data":
        return not isinstance(value, list) and not (isinstance(value, Mapping) and set(value) & _OF_A_SET)
    return name in RENAMED and isinstance(value, Mapping)
