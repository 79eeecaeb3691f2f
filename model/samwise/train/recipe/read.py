"""Runs read from YAML, whose keys are the attributes of the classes of this package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from samwise.checkpoint.pretrained import Foundation
from samwise.data.layouts import DataSet
from samwise.errors import ConfigurationError
from samwise.shell.building import build, listed, mapping
from samwise.shell.yaml_files import read_yaml
from samwise.train.optimise.blend import Blend
from samwise.train.recipe.flat_keys import check_grouped
from samwise.train.recipe.loss_weights import LossWeights
from samwise.train.recipe.mode import Mode
from samwise.train.recipe.optimiser import Optimiser
from samwise.train.recipe.run import TrainingConfig
from samwise.train.recipe.stage import Stage
from samwise.train.recipe.stage_data import StageData
from samwise.train.recipe.validation import Validation

Group = TypeVar("Group")


def read_config(path: str | Path) -> TrainingConfig:
    """Read a run from a YAML file whose keys are the attributes of the classes above.

    Raises:
        ConfigurationError: naming the file and the key or value that is wrong.
    """
    values = read_yaml(Path(path), "configuration")
    try:
        return config_from_dict(values)
    except ConfigurationError as error:
        raise ConfigurationError(f"{str(path)!r}: {error}") from error


def config_from_dict(values: Any) -> TrainingConfig:
    """Build a run from plain values as YAML gives them. Raises like `read_config`."""
    top = dict(mapping(values, "the configuration"))
    stages = top.pop("stages", [])
    if not isinstance(stages, list):
        raise ConfigurationError(f"stages is {stages!r}; give a list")
    if isinstance(top.get("initial"), Mapping):
        top["initial"] = build(Foundation, top["initial"], "initial")
    watch = dict(mapping(top.get("validation", {}), "validation"))
    if watch.get("data") is not None:
        watch["data"] = build(DataSet, watch["data"], "validation, data")
    top["validation"] = build(Validation, watch, "validation")
    built = tuple(_stage(number, stage) for number, stage in enumerate(stages, 1))
    return build(TrainingConfig, top | {"stages": built})


def _stage(number: int, values: Any) -> Stage:
    own = dict(mapping(values, f"stage number {number}"))
    where = f"stage {own['name']!r}" if isinstance(own.get("name"), str) else f"stage number {number}"
    check_grouped(own, where)
    data = dict(mapping(own.get("data", {}), f"{where}, data"))
    if "sets" in data:
        data["sets"] = tuple(build(DataSet, d, f"{where}, data.sets") for d in listed(data["sets"]))
    own["data"] = _group(StageData, data, where, "data")
    own["optimiser"] = _group(Optimiser, own.get("optimiser", {}), where, "optimiser")
    own["mode"] = _group(Mode, own.get("mode", {}), where, "mode")
    own["losses"] = _group(LossWeights, own.get("losses", {}), where, "losses")
    own["blends"] = tuple(build(Blend, b, f"{where}, blends") for b in listed(own.get("blends", [])))
    return build(Stage, own, where)


def _group(kind: type[Group], values: Any, where: str, name: str) -> Group:
    """Build a group of a stage; what the group itself refuses is told with the stage's name, too."""
    place = f"{where}, {name}"
    try:
        return build(kind, values, place)
    except ConfigurationError as error:
        told = str(error)
        raise ConfigurationError(told if told.startswith(where) else f"{where}, {told}") from error
