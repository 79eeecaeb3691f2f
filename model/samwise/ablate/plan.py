"""What an ablation consists of, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

from samwise.conditional_memory_encoder import DecisionPolicy
from samwise.errors import ConfigurationError
from samwise.evaluate.follow import MODES
from samwise.evaluate.videos import Format
from samwise.world.splits import SPLITS, TEST_SPLITS


@dataclass(frozen=True)
class LowRank:
    """LoRA on linear layers.

    Attributes:
        modules: shell patterns of their names.
        rank: of the updates.
        alpha: their scale.
    """

    modules: tuple[str, ...]
    rank: int = 8
    alpha: float = 16.0


@dataclass(frozen=True)
class Variant:
    """A model to train.

    Attributes:
        model: what differs in its `ModelConfig`, as a nested mapping.
        stages: what differs in the stages: name, or `*` for all of them, to keys and values.
        low_rank: LoRA, if any.
    """

    model: Mapping[str, Any] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    low_rank: LowRank | None = None


@dataclass(frozen=True)
class Look:
    """A way to run a model that is trained already.

    Attributes:
        of: name of the variant; None: the model that the ablation starts from.
        cme: see `Session`; None: as in the plan's evaluation.
        mode: causal or clip; None: likewise.
        hsa: False: without it.
    """

    of: str | None = None
    cme: str | None = None
    mode: str | None = None
    hsa: bool = True


@dataclass(frozen=True)
class Evaluation:
    """How models are scored.

    Attributes:
        splits: of the world.
        videos: of each.
        series: of videos, see `samwise.evaluate.videos.seeds_of`.
        frames: of a video.
        fps: frames a second.
        cme: who decides about switching.
        mode: causal or clip.
    """

    splits: tuple[str, ...] = TEST_SPLITS
    videos: int = 100
    series: int = 0
    frames: int = Format.frames
    fps: float = Format.fps
    cme: str = "never"
    mode: str = "causal"

    def __post_init__(self) -> None:
        """Reject what would fail only after hours of training."""
        if unknown := [split for split in self.splits if split not in SPLITS]:
            raise ConfigurationError(f"no split is called {unknown[0]!r}; choose of {', '.join(SPLITS)}")


@dataclass(frozen=True)
class Plan:
    """An ablation.

    Attributes:
        training: the run that every variant is a change of, as `samwise train` reads it, its seed left out.
        variants: to train, by name.
        looks: to take at trained models, by name.
        seeds: of the trainings; every variant is trained once with each.
        fresh: shell patterns of the parameters that every training starts anew, with its seed.
        evaluation: how all are scored.
    """

    training: Mapping[str, Any] = field(default_factory=dict)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)
    fresh: tuple[str, ...] = ("fusion.adapters.*",)
    evaluation: Evaluation = Evaluation()

    def __post_init__(self) -> None:
        """Reject looks at nothing, names used twice, and a plan without any."""
        if not self.variants and not self.looks:
            raise ConfigurationError("the plan has nothing to do; give it variants, or looks")
        for name, look in self.looks.items():
            if name in self.variants:
                raise ConfigurationError(f"{name!r} names both a variant and a look; rename one of them")
            if look.of is not None and look.of not in self.variants:
                raise ConfigurationError(
                    f"look {name!r} is at {look.of!r}, which is no variant; there are "
                    f"{', '.join(self.variants)}"
                )
            if (look.mode or self.evaluation.mode) not in MODES:
                raise ConfigurationError(
                    f"look {name!r}: mode is {look.mode!r}; choose one of {', '.join(MODES)}"
                )
            DecisionPolicy.parse(look.cme or self.evaluation.cme)


def read_plan(path: str | Path) -> Plan:
    """Read a plan from YAML whose keys are the attributes of the classes above.

    Raises:
        ConfigurationError: naming the file and what is wrong in it.
    """
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        return plan_from_dict(values)
    except OSError as error:
        raise ConfigurationError(f"cannot read the plan {str(path)!r} ({error.strerror})") from error
    except (yaml.YAMLError, ConfigurationError) as error:
        raise ConfigurationError(f"{str(path)!r}: {error}") from error


def plan_from_dict(values: Any) -> Plan:
    """Build a plan from plain values. Raises like `read_plan`."""
    top = dict(_mapping(values, "the plan"))
    variants = {}
    for name, value in _mapping(top.get("variants", {}), "variants").items():
        own = dict(_mapping(value or {}, f"variant {name!r}"))
        if "low_rank" in own:
            own["low_rank"] = _build(LowRank, own["low_rank"])
        variants[name] = _build(Variant, own)
    top["variants"] = variants
    looks = _mapping(top.get("looks", {}), "looks")
    top["looks"] = {name: _build(Look, value or {}) for name, value in looks.items()}
    top["evaluation"] = _build(Evaluation, top.get("evaluation", {}))
    return _build(Plan, top)


Part = TypeVar("Part")


def _build(kind: type[Part], values: Any) -> Part:
    given = _mapping(values, kind.__name__)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    if unknown := sorted(given.keys() - set(known)):
        raise ConfigurationError(f"{kind.__name__} has no {', '.join(unknown)}; it has {', '.join(known)}")
    try:
        return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in given.items()})
    except TypeError as error:
        raise ConfigurationError(f"{kind.__name__}: {error}") from error


def _mapping(values: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"{what} is {values!r}; give a mapping of names to values")
    return values
