"""From a plan to what one variant starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import torch

from samwise.ablate.plan import Variant
from samwise.config import ModelConfig
from samwise.errors import ConfigurationError
from samwise.network.samwise import Samwise
from samwise.shell.building import mapping
from samwise.shell.spans import shown
from samwise.train.recipe.read import config_from_dict
from samwise.train.recipe.run import TrainingConfig


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes`, mapping by mapping; anything else is replaced."""
    result = dict(base)
    for name, value in changes.items():
        old = result.get(name)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[name] = merged(old, value) if both else value  # type: ignore[arg-type]
    return result


def training_of(training: Mapping[str, Any], variant: Variant, seed: int) -> TrainingConfig:
    """The run of a variant.

    Args:
        training: of the plan.
        variant: what differs.
        seed: of the run.

    Raises:
        ConfigurationError: for a stage that is not there, or a wrong run.
    """
    stages = training.get("stages", ())
    if not isinstance(stages, list):
        raise ConfigurationError(f"the training's stages are {shown(stages)}; give a list")
    names = [str(mapping(stage, "a stage of the training").get("name")) for stage in stages]
    if unknown := [name for name in variant.stages if name != "*" and name not in names]:
        raise ConfigurationError(f"the training has no stage {unknown[0]!r}; it has {', '.join(names)}")
    changed = [
        merged(merged(stage, variant.stages.get("*", {})), variant.stages.get(name, {}))
        for name, stage in zip(names, stages, strict=True)
    ]
    return config_from_dict({**training, "stages": changed, "seed": seed})


def model_of(initial: ModelConfig, variant: Variant) -> ModelConfig:
    """The sizes of a variant. Raises ConfigurationError for sizes that cannot be."""
    return ModelConfig.from_dict(merged(initial.to_dict(), variant.model))


def starting_model(initial: Samwise, variant: Variant, fresh: Sequence[str], seed: int) -> Samwise:
    """The variant's network with the weights it shares with another, and fresh ones elsewhere.

    Args:
        initial: gives weights; stays as it is.
        variant: what differs in the configuration.
        fresh: shell patterns of the parameters to initialise afresh.
        seed: of the fresh weights.

    Raises:
        ConfigurationError: for a configuration that cannot be, or if the variant needs a weight that
            `initial` does not have and `fresh` does not name.
    """
    config = model_of(initial.config, variant)
    torch.manual_seed(seed)
    model = Samwise(config)
    own, theirs = model.state_dict(), initial.state_dict()
    shared = {n: v for n, v in theirs.items() if n in own and not any(fnmatchcase(n, p) for p in fresh)}
    lacking = sorted(
        n
        for n, v in own.items()
        if not any(fnmatchcase(n, p) for p in fresh) and (n not in shared or shared[n].shape != v.shape)
    )
    if lacking:
        raise ConfigurationError(
            f"the model to start from does not fit the variant at {', '.join(lacking[:5])} "
            f"({len(lacking)} in all); name them under `fresh`, or start from another model"
        )
    model.load_state_dict(own | shared)
    return model
