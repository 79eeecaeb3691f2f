"""What an ablation consists of, read from YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from samwise.errors import ConfigurationError
from samwise.evaluate.follow import MODES
from samwise.evaluate.world_videos import VIDEOS_PER_SERIES, Format
from samwise.shell.building import build, mapping
from samwise.shell.spans import Filled, FrameRate, OneOf, Seed, Span, Text, Texts
from samwise.shell.yaml_files import read_yaml
from samwise.state.decisions import DecisionPolicy
from samwise.train.recipe.validation import Frames
from samwise.world.scene.splits import SPLITS, TEST_SPLITS

_NAME = re.compile(r"[\w+-]+")


@dataclass(frozen=True)
class LowRank:
    """LoRA on linear layers.

    Attributes:
        modules: shell patterns of their names.
        rank: of the updates.
        alpha: their scale.
    """

    modules: Texts
    rank: Annotated[int, Span(1, 4096)] = 8
    alpha: Annotated[float, Span(0, 10**6, above=True)] = 16.0


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
        mode: causal or clip; None: as in the plan's evaluation.
        hsa: False: without it.
    """

    of: Text | None = None
    cme: Text | None = None
    mode: Annotated[str, OneOf(MODES)] | None = None
    hsa: bool = True


@dataclass(frozen=True)
class Evaluation:
    """How models are scored.

    Attributes:
        splits: of the world.
        videos: of each.
        series: of videos, see `samwise.evaluate.world_videos.seeds_of`.
        frames: of a video.
        fps: frames per second.
        cme: who decides about switching.
        mode: causal or clip.
    """

    splits: Texts = TEST_SPLITS
    videos: Annotated[int, Span(1, VIDEOS_PER_SERIES)] = 100
    series: Annotated[int, Span(0, VIDEOS_PER_SERIES - 1)] = 0
    frames: Frames = Format.frames
    fps: FrameRate = Format.fps
    cme: Text = "never"
    mode: Annotated[str, OneOf(MODES)] = "causal"

    def __post_init__(self) -> None:
        """Reject what would fail only after hours of training."""
        if unknown := [split for split in self.splits if split not in SPLITS]:
            raise ConfigurationError(f"no split is called {unknown[0]!r}; choose of {', '.join(SPLITS)}")
        DecisionPolicy.parse(self.cme)


@dataclass(frozen=True)
class Plan:
    """An ablation.

    Attributes:
        training: the run that every variant is a change of, as `samwise train` reads it, its seed left out.
        variants: to train, by name.
        looks: to take at trained models, by name.
        seeds: of the trainings; every variant is trained once with each.
        fresh: shell patterns of the parameters that every training initialises afresh, with its seed.
        evaluation: how all are scored.
    """

    training: Mapping[str, Any] = field(default_factory=dict)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)
    seeds: Annotated[tuple[Seed, ...], Filled()] = (0,)
    fresh: tuple[Text, ...] = ("fusion.adapters.*",)
    evaluation: Evaluation = Evaluation()

    def __post_init__(self) -> None:
        """Reject looks at nothing, names used twice, and a plan without any."""
        if not self.variants and not self.looks:
            raise ConfigurationError("the plan has nothing to do; give it variants, or looks")
        if len(set(self.seeds)) < len(self.seeds):
            raise ConfigurationError(f"seeds is {list(self.seeds)}; name each of them once")
        for name in (*self.variants, *self.looks):
            if not _NAME.fullmatch(name):
                raise ConfigurationError(
                    f"{name!r} names a variant or a look and so a folder; use letters, digits, _, - and +"
                )
        for name, look in self.looks.items():
            if name in self.variants:
                raise ConfigurationError(f"{name!r} names both a variant and a look; rename one of them")
            if look.of is not None and look.of not in self.variants:
                raise ConfigurationError(
                    f"look {name!r} is at {look.of!r}, which is no variant; there are "
                    f"{', '.join(self.variants)}"
                )
            DecisionPolicy.parse(look.cme or self.evaluation.cme)


def read_plan(path: str | Path) -> Plan:
    """Read a plan from YAML whose keys are the attributes of the classes above.

    Raises:
        ConfigurationError: naming the file and what is wrong in it.
    """
    values = read_yaml(Path(path), "plan")
    try:
        return plan_from_dict(values)
    except ConfigurationError as error:
        raise ConfigurationError(f"{str(path)!r}: {error}") from error


def plan_from_dict(values: Any) -> Plan:
    """Build a plan from plain values. Raises like `read_plan`."""
    top = dict(mapping(values, "the plan"))
    variants = {}
    for name, value in mapping(top.get("variants", {}), "variants").items():
        where = f"variant {name!r}"
        own = dict(mapping(value or {}, where))
        if own.get("low_rank") is not None:
            own["low_rank"] = build(LowRank, own["low_rank"], f"{where}, low_rank")
        for stage, changes in mapping(own.get("stages", {}), f"{where}, stages").items():
            mapping(changes, f"{where}, stage {stage!r}")
        variants[name] = build(Variant, own, where)
    top["variants"] = variants
    looks = mapping(top.get("looks", {}), "looks")
    top["looks"] = {name: build(Look, value or {}, f"look {name!r}") for name, value in looks.items()}
    top["evaluation"] = build(Evaluation, top.get("evaluation", {}), "evaluation")
    return build(Plan, top)
